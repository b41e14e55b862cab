import { DPOP_ALGORITHMS } from './dpop-proof.ts'

/**
 * - `token_missing`: the request has no access token.
 * - `invalid_token`: the token is malformed, forged, expired, for another audience, or of another type.
 * - `invalid_dpop_proof`: the token is bound to a key, and the proof is missing or wrong.
 * - `unavailable`: the issuer's keys could not be fetched, so the token could not be checked. The caller is not at
 *   fault.
 */
export type VerifyErrorCode =
  'token_missing' | 'invalid_token' | 'invalid_dpop_proof' | 'unavailable'

/** Why a request is refused. `cause` has the details: log it, and do not send it to the caller. */
export class VerifyError extends Error {
  readonly code: VerifyErrorCode
  /** The status of the response; `headers` are its headers. */
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

/** Whether a token must be bound to a key. A bound token always needs its proof. */
export type DpopMode = 'optional' | 'required'

/** RFC 6750 section 3, RFC 9449 section 7.1. */
function challenges(code: VerifyErrorCode, dpop: DpopMode): string {
  const error = code === 'token_missing' ? '' : `error="${code}"`
  const dpopOnly = dpop === 'required' || code === 'invalid_dpop_proof'
  const parameters = [error, `algs="${DPOP_ALGORITHMS.join(' ')}"`].filter(Boolean).join(', ')
  return [...(dpopOnly ? [] : [`Bearer ${error}`.trim()]), `DPoP ${parameters}`].join(', ')
}
