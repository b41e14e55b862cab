import { withDeadline } from './deadline.ts'
import { LatchkeyError } from './error.ts'
import { parse, refusalOf } from './issuer.ts'
import { keepNonce, prove } from './proof.ts'
import { freshSession } from './refresh.ts'
import { clockOffsetMs } from './session.ts'
/**
 * `fetch` as the person who is signed in. A 401 is answered once with a refreshed token, and once with the nonce that
 * the server asks for. Network errors are those of `fetch` itself.
 * @throws LatchkeyError when there is no session, or no token could be had.
 */
export async function authorisedFetch(ctx, input, init) {
  let session = await freshSession(ctx)
  if (session === null) throw new LatchkeyError('signed_out')
  // A stream is read once.
  const once = typeof init?.body?.getReader === 'function'
  let challenged = false
  let refreshed = false
  for (;;) {
    const request = new Request(typeof input === 'string' ? input : input.clone(), init)
    await authorise(ctx, session, request)
    const response = await ctx.fetch(request)
    keepNonce(ctx, request.url, response)
    if (response.status !== 401 || once) return response
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
/** A request to the issuer itself, as the person. @throws LatchkeyError for every answer but that of success. */
export const askIssuer = (ctx, path, method) =>
  withDeadline(ctx, async (signal) => {
    const response = await authorisedFetch(ctx, ctx.issuer + path, { method, signal })
    const text = await response.text()
    if (response.ok && parse(text) !== null) return
    if (response.status === 401) throw new LatchkeyError('signed_out')
    throw refusalOf(response, text)
  })
async function authorise(ctx, session, request) {
  const { access_token: accessToken, token_type: type } = session
  request.headers.set('Authorization', `${type} ${accessToken}`)
  if (type !== 'DPoP') return
  const { method, url } = request
  const proven = { method, url, accessToken, clockOffsetMs: clockOffsetMs(session) }
  request.headers.set('DPoP', await prove(ctx, proven))
}
