import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { AUDIENCE, RESOURCE_SERVER } from './latchkey.ts'
import type { Run } from './run.ts'

/** What the Worker says of a token right now (RFC 7662). */
export async function introspect(
  run: Run,
  token: string,
): Promise<{ active: boolean; email?: string }> {
  const { name, secret } = RESOURCE_SERVER
  const Authorization = `Basic ${btoa(`${name}:${encodeURIComponent(secret)}`)}`
  const answer = await run.wire.direct(
    'POST',
    '/v1/introspect',
    { token },
    { authorization: Authorization },
  )
  return JSON.parse(answer.body.toString()) as { active: boolean }
}

/** A client that says `signed_in` has a session that the server knows: its next token, later on, is good. */
export async function proveSignedIn(run: Run): Promise<void> {
  await run.later(660)
  const token = await run.works({ do: 'accessToken' }, 'signed_in')
  if (typeof token !== 'string') return run.wrong('the proof: there is no access token')
  const why = await whyBad(run, token)
  if (why !== null) run.wrong(`the proof: the access token is not good (${why})`)
}

/** Without a session there is no token, and nothing to ask the server for. */
export async function proveSignedOut(run: Run): Promise<void> {
  const before = run.wire.log.length
  const token = await run.works({ do: 'accessToken' }, 'signed_out')
  if (token !== null) run.wrong('the proof: there is still an access token')
  if (run.wire.log.length > before)
    run.wrong('the proof: the client sends requests without a session')
}

/** @returns why the token is not a good one of this person at this moment, or null. */
export async function whyBad(run: Run, token: string): Promise<string | null> {
  const { body } = await run.wire.direct('GET', '/.well-known/jwks.json')
  const keys = createLocalJWKSet(JSON.parse(body.toString()) as JSONWebKeySet)
  const expected = {
    issuer: run.wire.baseUrl,
    audience: AUDIENCE,
    typ: 'at+jwt',
    currentDate: new Date(Date.now() + run.wire.settings.aheadMs),
  }
  try {
    const { payload } = await jwtVerify(token, keys, expected)
    if (payload['email'] !== run.email) return 'it is of another person'
  } catch (error) {
    return (error as Error).message
  }
  return (await introspect(run, token)).active ? null : 'its session has ended'
}
