import type { ClientContext } from './context.ts'
import { withDeadline } from './deadline.ts'
import { LatchkeyError } from './error.ts'
import { parse, refusalOf } from './issuer.ts'
import { keepNonce, prove } from './proof.ts'
import { freshSession } from './refresh.ts'
import { clockOffsetMs, type SessionRecord } from './session.ts'

/**
 * `fetch` as the signed-in person. After a 401 it tries again: once with a refreshed token, and once with the nonce
 * that the server requires. Network errors are those of `fetch` itself.
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
  let challenged = false
  let refreshed = false
  for (;;) {
    const request = new Request(typeof input === 'string' ? input : input.clone(), init)
    await authorise(ctx, session, request)
    const response = await ctx.fetch(request)
    keepNonce(ctx, request.url, response)
    if (response.status !== 401 || isStream) return response
    const wantsNonce = /use_dpop_nonce/.test(response.headers.get('WWW-Authenticate') ?? '')
    if (wantsNonce && !challenged) {
      challenged = true
      continue
    }
    if (refreshed) return response
    refreshed = true
    session = await freshSession(ctx, session.access_token)
    if (session === null) return response
  }
}

/** Calls the issuer as the signed-in person. @throws LatchkeyError for every response except success. */
export const callIssuer = (ctx: ClientContext, path: string, method: string): Promise<void> =>
  withDeadline(ctx, async (signal) => {
    const response = await authorisedFetch(ctx, ctx.issuer + path, { method, signal })
    const text = await response.text()
    if (response.ok && parse(text) !== null) return
    if (response.status === 401) throw new LatchkeyError('signed_out')
    throw refusalOf(response, text)
  })

async function authorise(ctx: ClientContext, session: SessionRecord, request: Request) {
  const { access_token: accessToken, token_type: type } = session
  request.headers.set('Authorization', `${type} ${accessToken}`)
  if (type !== 'DPoP') return
  const { method, url } = request
  const target = { method, url, accessToken, clockOffsetMs: clockOffsetMs(session) }
  request.headers.set('DPoP', await prove(ctx, target))
}
