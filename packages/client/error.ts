/**
 * What went wrong, for a program to act on:
 * - `offline`: no answer came. The same call may be made again.
 * - `rate_limited`: too often; again after `retryAfterSeconds`.
 * - `unavailable`: the server, or something before it, could not answer now.
 * - `invalid_grant`: this link or code opens no session; `reason` says why, when the server tells.
 * - `not_asked`: this device did not ask for what it would redeem: use the code, on the device that asked.
 * - `signed_out`: there is no session.
 * - `storage`, `key`: the app's own storage or key store failed. Nothing is lost: the same call may be made again.
 * - others are the server's own words: `invalid_request`, `link_expired`, `invalid_dpop_proof`, `bot_check_failed`…
 */
export type ErrorCode =
  | 'offline'
  | 'rate_limited'
  | 'unavailable'
  | 'invalid_grant'
  | 'invalid_request'
  | 'not_asked'
  | 'signed_out'
  | 'storage'
  | 'key'
  | (string & {})

export type RefusalReason = 'used' | 'expired' | 'superseded' | 'not_approved'

export class LatchkeyError extends Error {
  readonly code: ErrorCode
  readonly reason: RefusalReason | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ErrorCode,
    more: {
      detail?: string | undefined
      reason?: RefusalReason | undefined
      retryAfterSeconds?: number | undefined
      cause?: unknown
    } = {},
  ) {
    super(more.detail ? `${code}: ${more.detail}` : code, { cause: more.cause })
    this.name = 'LatchkeyError'
    this.code = code
    this.reason = more.reason
    this.retryAfterSeconds = more.retryAfterSeconds
  }
}

/** Whether time may heal it. */
export const isTransient = (error: unknown): error is LatchkeyError =>
  error instanceof LatchkeyError &&
  ['offline', 'rate_limited', 'unavailable', 'storage', 'key'].includes(error.code)
