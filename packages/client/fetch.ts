import type { ClientContext } from './context.ts'
import { withDeadline } from './deadline.ts'
import { LatchkeyError } from './error.ts'
import { parse, refusalOf, STAY } from './issuer.ts'
import { keepNonce, prove } from './proof.ts'
import { freshSession } from './refresh.ts'
import { clockOffsetMs, type SessionRecord } from './session.ts'

/**
 * `fetch` as the signed-in person. After a 401 it tries again: once with a refreshed token, and once with the nonce
 * that the server requires. Network errors are those of `fetch` itself. A URL is passed on as URL and init, because some
 * versions of React Native lose the body of a `Request`.
 * @throws LatchkeyError `signed_out` without a session, or another code if a token could not be refreshed.
 */
export async function authorisedFetch(
  ctx: ClientContext,
  input: string | Request,
  init?: RequestInit,
): Promise<Response> {
  let session = await freshSession(ctx)
  if (session === null) throw new LatchkeyError('signed_out')
  // A stream can be sent only once.
  const isStream = typeof (init?.body as { getReader?: unknown } | null)?.getReader === 'function'
  const given = typeof input === 'string' ? { url: input, method: 'GET', headers: {} } : input
  let challenged = false
  let refreshed = false
  for (;;) {
    // A `Request` resolves the URL and normalises the method, and the proof must name them as they are sent.
    const { url, method, headers } = new Request(given.url, {
      method: init?.method ?? given.method,
      headers: init?.headers ?? given.headers,
    })
    await authorise(ctx, session, { url, method, headers })
    const sent = typeof input === 'string' ? url : input.clone()
    const response = await ctx.fetch(sent, { ...init, headers })
    keepNonce(ctx, url, response)
    if (response.status !== 401 || isStream) return response
    const wants = challengeOf(response)
    if (wants === 'use_dpop_nonce' && !challenged) {
      challenged = true
      continue
    }
    // A refresh does not make a sign-in more recent.
    if (refreshed || wants === SIGN_IN_AGAIN) return response
    refreshed = true
    session = await freshSession(ctx, session.access_token)
    if (session === null) return response
  }
}

/**
 * Calls the issuer as the signed-in person.
 * @returns the members of the response.
 * @throws LatchkeyError for every response except success.
 */
export const callIssuer = (
  ctx: ClientContext,
  path: string,
  method: string,
): Promise<Record<string, unknown>> =>
  withDeadline(ctx, async (signal) => {
    const response = await authorisedFetch(ctx, ctx.issuer + path, { method, signal, ...STAY })
    const text = await response.text()
    const body = parse(text)
    // A proxy may answer 200 to everything.
    const done = method === 'DELETE' ? response.status === 204 : response.ok
    if (done && body !== null) return body
    if (response.status === 401) {
      const wants = challengeOf(response)
      throw new LatchkeyError(wants === SIGN_IN_AGAIN ? 'sign_in_again' : 'signed_out')
    }
    throw refusalOf(response, text)
  })

/** RFC 9470 section 3. */
const SIGN_IN_AGAIN = 'insufficient_user_authentication'

const challengeOf = ({ headers }: Response): string | undefined =>
  /error="(\w+)"/.exec(headers.get('WWW-Authenticate') ?? '')?.[1]

async function authorise(
  ctx: ClientContext,
  session: SessionRecord,
  { url, method, headers }: Pick<Request, 'url' | 'method' | 'headers'>,
) {
  const { access_token: accessToken, token_type: type } = session
  headers.set('Authorization', `${type} ${accessToken}`)
  if (type !== 'DPoP') return
  const target = { method, url, accessToken, clockOffsetMs: clockOffsetMs(session) }
  headers.set('DPoP', await prove(ctx, target))
}
