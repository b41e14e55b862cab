import { withDeadline } from './deadline.ts'
import { LatchkeyError } from './error.ts'
import { keepNonce, prove } from './proof.ts'
/**
 * One request to the issuer, and one more when it asks for its nonce in the proof (RFC 9449 section 8).
 * @param clockOffsetMs when given, the request proves the device's key.
 * @param isWhole tells the server's own answer from that of whatever stands between (a hotel's sign-in page).
 * @throws LatchkeyError for every answer but that of success.
 */
export async function post(ctx, path, body, isWhole, clockOffsetMs) {
  const url = ctx.issuer + path
  for (let challenged = false; ; challenged = true) {
    const headers = { 'Content-Type': 'application/json' }
    if (clockOffsetMs !== undefined) {
      headers['DPoP'] = await prove(ctx, { method: 'POST', url, clockOffsetMs })
    }
    const sentAt = ctx.now()
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    const { response, text } = await withDeadline(ctx, async (signal) => {
      const response = await ctx.fetch(url, { ...init, signal })
      return { response, text: await response.text() }
    })
    keepNonce(ctx, url, response)
    const parsed = parse(text)
    if (response.ok) {
      if (parsed !== null && isWhole(parsed)) {
        return { body: parsed, sentAt, arrivedAt: ctx.now() }
      }
      throw new LatchkeyError('unavailable', { detail: 'this is not the answer of the issuer' })
    }
    if (parsed?.['error'] !== 'use_dpop_nonce' || challenged) {
      throw refusalOf(response, text)
    }
  }
}
/** @returns null for what is not JSON: no answer of the issuer. An empty body is one. */
export function parse(text) {
  try {
    return Object(JSON.parse(text || '{}'))
  } catch {
    return null
  }
}
/** From RFC 6749 section 5.2, or RFC 9457; an error in neither form is not the issuer's. */
export function refusalOf({ status, headers }, text) {
  const body = parse(text) ?? {}
  const named = body.error ?? /^urn:latchkey:problem:(\w+)$/.exec(body.type ?? '')?.[1]
  const code = status === 429 ? 'rate_limited' : status >= 500 ? 'unavailable' : named
  return new LatchkeyError(code ?? 'unavailable', {
    detail: body.error_description ?? body.detail,
    reason: body.latchkey_reason,
    retryAfterSeconds: Number(headers.get('Retry-After')) || undefined,
  })
}
