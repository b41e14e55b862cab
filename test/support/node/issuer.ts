import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import * as dpop from 'dpop'
import { importJWK, SignJWT, type JWTPayload } from 'jose'
import { inject } from 'vitest'
import { bodyOf, startLoopbackServer, type LoopbackServer } from '../../../dev/loopback-server.ts'
import type { JwtKey } from '../../../src/base/key-rings.ts'
import { bundleWorker, startWorkerd } from '../../../torture/workerd.ts'
import { workerBindings } from './worker-bindings.ts'

export const AUDIENCE = 'https://api.latchkey.test'

export type SignedIn = { accessToken: string; refreshToken: string; userId: string }

/** The real Worker in workerd, reached over HTTP at one origin while its keys change. */
export type Issuer = {
  url: string
  /** How often each path was fetched. */
  fetched: (path: string) => number
  signIn: () => Promise<SignedIn>
  /** The session is bound to a key, and `prove` makes that key's proof for a request. */
  signInBound: () => Promise<SignedIn & { prove: (method: string, url: string) => Promise<string> }>
  signOut: (refreshToken: string) => Promise<void>
  /** Replaces the Worker by one with other keys, as a deployment does. */
  rotate: (keys: JwtKey[]) => Promise<void>
  stop: () => Promise<void>
}

/**
 * Starts the Worker on the database and the inbox that all tests share.
 * @param more variables of this Worker alone.
 */
export async function startIssuer(
  keys: JwtKey[],
  more: Record<string, string> = {},
): Promise<Issuer> {
  const script = await bundleWorker(new URL('../../../src/index.ts', import.meta.url))
  const inboxEndpoint = inject('inboxEndpoint')
  const counts = new Map<string, number>()
  let worker: LoopbackServer | undefined

  const front = await startLoopbackServer(0, (request, response) => {
    const path = request.url ?? '/'
    counts.set(path, (counts.get(path) ?? 0) + 1)
    void (async () => {
      const body = await bodyOf(request)
      const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
      const answer = await fetch(worker!.endpoint + path, {
        method: request.method!,
        headers: headers as Record<string, string>,
        ...(body.length > 0 && { body: new Uint8Array(body) }),
      })
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? 'text/plain',
        'cache-control': answer.headers.get('cache-control') ?? 'no-store',
      })
      response.end(Buffer.from(await answer.arrayBuffer()))
    })().catch(() => response.destroy())
  })
  const url = front.endpoint

  async function rotate(ring: JwtKey[]): Promise<void> {
    const bindings = workerBindings(inject('faultEndpoint'), inboxEndpoint)
    const JWT_KEYS = JSON.stringify({ keys: ring })
    const vars = { ...bindings, ISSUER: url, AUDIENCE, JWT_KEYS, ...more }
    const next = await startWorkerd(script, vars)
    const last = worker
    worker = next
    await last?.stop()
  }
  await rotate(keys)

  async function post(path: string, body: object, headers: Record<string, string> = {}) {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }

  async function signIn(headers: Record<string, string> = {}): Promise<SignedIn> {
    const email = `t-${randomUUID().slice(0, 12)}@sigmacomputing.com`
    const codeVerifier = randomBytes(32).toString('base64url')
    const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url')
    await post('/v1/links', { email, codeChallenge })
    const link = await linkFor(inboxEndpoint, email)
    const form = {
      grant_type: 'urn:latchkey:grant-type:link',
      link_token: link,
      code_verifier: codeVerifier,
      device_id: `dev_${randomUUID()}`,
    }
    const said = (await (await post('/v1/token', form, headers)).json()) as {
      access_token: string
      refresh_token: string
      user: { id: string }
    }
    return {
      accessToken: said.access_token,
      refreshToken: said.refresh_token,
      userId: said.user.id,
    }
  }

  return {
    url,
    fetched: (path) => counts.get(path) ?? 0,
    signIn: () => signIn(),
    async signInBound() {
      const pair = await dpop.generateKeyPair('ES256')
      const DPoP = await dpop.generateProof(pair, `${url}/v1/token`, 'POST')
      const tokens = await signIn({ DPoP })
      const prove = (method: string, target: string) =>
        dpop.generateProof(pair, target, method, undefined, tokens.accessToken)
      return { ...tokens, prove }
    },
    async signOut(refreshToken) {
      await post('/v1/revoke', { token: refreshToken })
    },
    rotate,
    async stop() {
      await front.stop()
      await worker?.stop()
    },
  }
}

async function linkFor(inboxEndpoint: string, email: string): Promise<string> {
  for (let tries = 0; tries < 400; tries++) {
    const answer = await fetch(`${inboxEndpoint}/messages?to=${encodeURIComponent(email)}`)
    const [message] = (await answer.json()) as { link: string }[]
    if (message) return message.link
    await sleep(25)
  }
  throw new Error(`no message came to ${email}`)
}

const decoded = (token: string, part: 0 | 1) =>
  JSON.parse(Buffer.from(token.split('.')[part]!, 'base64url').toString()) as JWTPayload

export const headerOf = (token: string) => decoded(token, 0) as { alg: string; kid: string }
export const claimsOf = (token: string) => decoded(token, 1)

/** A token with other claims or another header, signed with the Worker's own key. */
export async function resigned(
  key: JwtKey,
  token: string,
  change: { header?: object; claims?: object },
): Promise<string> {
  const header = { ...headerOf(token), ...change.header }
  return new SignJWT({ ...claimsOf(token), ...change.claims })
    .setProtectedHeader(header)
    .sign(await importJWK(key, key.alg))
}

/** Any header and claims, with a signature of the caller's choice. */
export function assembled(header: object, claims: object, sign: (input: string) => string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${part(header)}.${part(claims)}`
  return `${input}.${sign(input)}`
}
