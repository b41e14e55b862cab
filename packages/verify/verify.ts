import { errors, jwtVerify, type JWTPayload } from 'jose'
import { DPOP_WINDOW_MS, readDpopProof } from './dpop-proof.ts'
import { isCanonicalJws } from './base64url.ts'
import { readClaims, type AccessClaims } from './claims.ts'
import { VerifyError, type DpopMode } from './error.ts'
import { keySet, type Fetch } from './key-set.ts'
import { readRequest, type IncomingRequest, type PresentedToken } from './request.ts'

/**
 * Only asymmetric algorithms: with a shared secret, every back end could also sign tokens. The list is fixed (RFC
 * 8725 section 3.1).
 */
const ALGORITHMS = ['ES256', 'EdDSA', 'Ed25519', 'RS256']

export type VerifierOptions = {
  /** Latchkey's ISSUER, exactly: `https://auth.example.com`. */
  issuer: string
  /** Latchkey's AUDIENCE, exactly: `https://api.example.com`. */
  audience: string
  /** `required` refuses tokens that are not bound to a device's key. `optional` by default. */
  dpop?: DpopMode
  /**
   * The origin that callers use, for DPoP: `https://api.example.com`. Required in Node, and behind a proxy that
   * terminates TLS.
   */
  origin?: string
  fetch?: Fetch
  /** Unix milliseconds. */
  now?: () => number
}

/** If the token is a string: its proof, and the method and URL of the request that contained both. */
export type WithProof = { dpop?: { proof: string; method: string; url: string } }

/**
 * Verifies an access token.
 * @param input the request that contains the token, or the token itself.
 * @throws VerifyError
 */
export type Verify = (input: IncomingRequest | string, more?: WithProof) => Promise<AccessClaims>

/**
 * Verifies Latchkey's access tokens (RFC 9068 section 4) with the issuer's public keys. It caches the keys, so create
 * one for the whole process. It cannot tell that a session was revoked: a token stays valid until it expires, by
 * default ten minutes after it was issued. Introspection shows a revocation at once.
 */
export function createVerifier(options: VerifierOptions): Verify {
  const { audience, dpop = 'optional', now = Date.now } = options
  const issuer = options.issuer.replace(/\/+$/, '')
  const origin = options.origin && new URL(options.origin).origin
  const keys = keySet(issuer, options.fetch ?? ((url, init) => fetch(url, init)), now)
  const refuse = (code: VerifyError['code'], cause?: unknown) => new VerifyError(code, dpop, cause)

  async function readToken(token: string): Promise<AccessClaims> {
    if (!isCanonicalJws(token)) throw refuse('invalid_token')
    let payload: JWTPayload
    try {
      const verified = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        // Latchkey's session JWT has another type, so it is not accepted as an access token (RFC 8725 section 3.11).
        typ: 'at+jwt',
        requiredClaims: ['exp', 'iat', 'sub', 'sid', 'client_id', 'jti', 'email', 'auth_time'],
        currentDate: new Date(now()),
      })
      payload = verified.payload
    } catch (cause) {
      // All other errors are about the keys, not about the token.
      const judged = cause instanceof errors.JOSEError && !(cause instanceof errors.JWKSTimeout)
      throw refuse(judged ? 'invalid_token' : 'unavailable', cause)
    }
    try {
      return readClaims(payload)
    } catch (cause) {
      throw refuse('invalid_token', cause)
    }
  }

  /**
   * A bound token needs the DPoP scheme and its proof; an unbound one needs the Bearer scheme (RFC 9449 section 7.1).
   */
  async function requireProof(presented: PresentedToken, jkt: string | undefined): Promise<void> {
    if ((jkt !== undefined) !== (presented.scheme === 'DPoP')) throw refuse('invalid_token')
    if (jkt === undefined) {
      if (dpop === 'required') throw refuse('invalid_token')
      return
    }
    const { proof, method, url, token: accessToken } = presented
    const read = proof && (await readDpopProof(proof, { method, url, accessToken }))
    if (!read || read.jkt !== jkt || Math.abs(now() - read.iat * 1000) > DPOP_WINDOW_MS) {
      throw refuse('invalid_dpop_proof')
    }
  }

  return async (input, more) => {
    const presented = typeof input === 'string' ? bare(input, more) : readRequest(input, origin)
    if (presented === undefined) throw refuse('token_missing')
    if (presented === null) throw refuse('invalid_token')
    const claims = await readToken(presented.token)
    await requireProof(presented, claims.jkt)
    return claims
  }
}

function bare(token: string, { dpop }: WithProof = {}): PresentedToken {
  return dpop === undefined
    ? { scheme: 'Bearer', token, method: '', url: '' }
    : { scheme: 'DPoP', token, ...dpop, url: dpop.url.replace(/[?#].*$/s, '') }
}
