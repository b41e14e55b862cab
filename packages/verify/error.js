import { DPOP_ALGORITHMS } from '../../src/crypto/dpop-proof.ts'
/** Why a request is not let in. `cause` says more, for a log: the caller must not see it. */
export class VerifyError extends Error {
  code
  /** What to answer with. */
  status
  headers
  constructor(code, dpop, cause) {
    super(code, { cause })
    this.name = 'VerifyError'
    this.code = code
    this.status = code === 'unavailable' ? 503 : 401
    this.headers =
      this.status === 503 ? { 'Retry-After': '5' } : { 'WWW-Authenticate': challenges(code, dpop) }
  }
}
/** RFC 6750 section 3, RFC 9449 section 7.1. */
function challenges(code, dpop) {
  const error = code === 'token_missing' ? '' : `error="${code}"`
  const dpopOnly = dpop === 'required' || code === 'invalid_dpop_proof'
  const parameters = [error, `algs="${DPOP_ALGORITHMS.join(' ')}"`].filter(Boolean).join(', ')
  return [...(dpopOnly ? [] : [`Bearer ${error}`.trim()]), `DPoP ${parameters}`].join(', ')
}
