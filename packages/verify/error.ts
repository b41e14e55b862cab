import { DPOP_ALGORITHMS } from './dpop-proof.ts'

/**
 * - `token_missing`: the request has no access token.
 * - `invalid_token`: it has one that is not good: forged, expired, for another audience, of another kind.
 * - `invalid_dpop_proof`: the token is bound to a key, and the request does not prove it.
 * - `unavailable`: the issuer's keys could not be had, so nothing can be said. Not the caller's fault: 503.
 */
export type VerifyErrorCode =
  'token_missing' | 'invalid_token' | 'invalid_dpop_proof' | 'unavailable'

/** Why a request is not let in. `cause` says more, for a log: the caller must not see it. */
export class VerifyError extends Error {
  readonly code: VerifyErrorCode
  /** What to answer with. */
  readonly status: 401 | 503
  readonly headers: Record<string, string>

  constructor(code: VerifyErrorCode, dpop: DpopMode, cause?: unknown) {
    super(code, { cause })
    this.name = 'VerifyError'
    this.code = code
    this.status = code === 'unavailable' ? 503 : 401
    this.headers =
      this.status === 503 ? { 'Retry-After': '5' } : { 'WWW-Authenticate': challenges(code, dpop) }
  }
}

/** Whether a token must be bound to a key. One that is bound always needs its proof. */
export type DpopMode = 'optional' | 'required'

/** RFC 6750 section 3, RFC 9449 section 7.1. */
function challenges(code: VerifyErrorCode, dpop: DpopMode): string {
  const error = code === 'token_missing' ? '' : `error="${code}"`
  const dpopOnly = dpop === 'required' || code === 'invalid_dpop_proof'
  const parameters = [error, `algs="${DPOP_ALGORITHMS.join(' ')}"`].filter(Boolean).join(', ')
  return [...(dpopOnly ? [] : [`Bearer ${error}`.trim()]), `DPoP ${parameters}`].join(', ')
}
