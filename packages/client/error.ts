/**
 * The kind of error, for a program to act on:
 * - `offline`: no response arrived. The app may make the same call again.
 * - `rate_limited`: too many requests. The app may make the call again after `retryAfterSeconds`.
 * - `unavailable`: the server, or a proxy in front of it, could not respond.
 * - `invalid_grant`: this link or code does not sign in. `reason` says why, if the server sends a reason.
 * - `not_asked`: another device requested this link. The person enters the code there.
 * - `signed_out`: there is no session.
 * - `sign_in_again`: the server requires a more recent sign-in for this. The session is still live.
 * - `storage`, `key`: the app's storage or key store failed. Nothing is lost: the app may make the same call again.
 * - Others come from the server: `invalid_request`, `link_expired`, `invalid_dpop_proof`, `bot_check_failed`…
 */
export type ErrorCode =
  | 'offline'
  | 'rate_limited'
  | 'unavailable'
  | 'invalid_grant'
  | 'invalid_request'
  | 'not_asked'
  | 'signed_out'
  | 'sign_in_again'
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

/** Whether the same call may succeed later. */
export const isTransient = (error: unknown): error is LatchkeyError =>
  error instanceof LatchkeyError &&
  ['offline', 'rate_limited', 'unavailable', 'storage', 'key'].includes(error.code)
