import type { ClientContext } from './context.ts'
import { withDeadline } from './deadline.ts'
import { LatchkeyError, type RefusalReason } from './error.ts'
import { keepNonce, prove } from './proof.ts'

/** The issuer never redirects. No redirect is followed, so that no other host gets a verifier or a token. */
export const STAY = { redirect: 'manual' } as const

export type Answer<T> = { body: T; sentAt: number; arrivedAt: number }

type ErrorBody = {
  error?: string
  error_description?: string
  latchkey_reason?: RefusalReason
  type?: string
  detail?: string
}

/**
 * Sends one request to the issuer, and a second one if the issuer requires a nonce in the proof (RFC 9449 section 8).
 * @param isComplete whether the response is from the issuer. A captive portal, such as a hotel's sign-in page, also
 *   answers 200.
 * @param clockOffsetMs if given, the request carries a proof of the device's key.
 * @throws LatchkeyError for every response except success.
 */
export async function post<T>(
  ctx: ClientContext,
  path: string,
  body: Record<string, unknown>,
  isComplete: (body: Partial<T>) => boolean,
  clockOffsetMs?: number,
): Promise<Answer<T>> {
  const url = ctx.issuer + path
  for (let challenged = false; ; challenged = true) {
    const headers: Record<string, string> = { 'Content-Type': 'application/json' }
    if (clockOffsetMs !== undefined) {
      headers['DPoP'] = await prove(ctx, { method: 'POST', url, clockOffsetMs })
    }
    const sentAt = ctx.now()
    const init = { method: 'POST', headers, body: JSON.stringify(body), ...STAY }
    const { response, text } = await withDeadline(ctx, async (signal) => {
      const response = await ctx.fetch(url, { ...init, signal })
      return { response, text: await response.text() }
    })
    keepNonce(ctx, url, response)
    const parsed = parse(text)
    if (response.ok) {
      if (parsed !== null && isComplete(parsed as Partial<T>)) {
        return { body: parsed as T, sentAt, arrivedAt: ctx.now() }
      }
      throw new LatchkeyError('unavailable', { detail: 'the issuer did not give this answer' })
    }
    if (parsed?.['error'] !== 'use_dpop_nonce' || challenged) {
      throw refusalOf(response, text)
    }
  }
}

/** @returns null for text that is not JSON, because the issuer did not send it. The issuer does send empty bodies. */
export function parse(text: string): Record<string, unknown> | null {
  try {
    return Object(JSON.parse(text || '{}')) as Record<string, unknown>
  } catch {
    return null
  }
}

/**
 * Reads an error in the format of RFC 6749 section 5.2 or RFC 9457. The issuer sends no other format, so any other is
 * `unavailable`.
 */
export function refusalOf({ status, headers }: Response, text: string): LatchkeyError {
  const body: ErrorBody = parse(text) ?? {}
  const named = body.error ?? /^urn:latchkey:problem:(\w+)$/.exec(body.type ?? '')?.[1]
  const code = status === 429 ? 'rate_limited' : status >= 500 ? 'unavailable' : named
  return new LatchkeyError(code ?? 'unavailable', {
    detail: body.error_description ?? body.detail,
    reason: body.latchkey_reason,
    retryAfterSeconds: retryAfterSeconds(headers),
  })
}

/** Proxies may give a date (RFC 9110 section 10.2.3). It is compared with the date of the same response. */
function retryAfterSeconds(headers: Headers): number | undefined {
  const text = headers.get('Retry-After') ?? ''
  const sentAt = Date.parse(headers.get('Date') ?? '') || Date.now()
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - sentAt) / 1000
  return seconds > 0 ? Math.ceil(seconds) : undefined
}
