import { errors, jwtVerify, type JWTPayload } from 'jose'
import { DPOP_WINDOW_MS, readDpopProof } from './dpop-proof.ts'
import { isCanonicalJws } from './base64url.ts'
import { readClaims, type AccessClaims } from './claims.ts'
import { VerifyError, type DpopMode } from './error.ts'
import { keySet, type Fetch } from './key-set.ts'
import { readRequest, type IncomingRequest, type PresentedToken } from './request.ts'

/** Asymmetric alone: with a shared secret whoever verifies could also sign (RFC 8725 section 3.1). */
const ALGORITHMS = ['ES256', 'EdDSA', 'Ed25519']

export type VerifierOptions = {
  /** `https://auth.example.com`: Latchkey's ISSUER, to the letter. */
  issuer: string
  /** Latchkey's AUDIENCE: this back end's name. */
  audience: string
  /** `required` refuses tokens that are not bound to a device's key. `optional` by default. */
  dpop?: DpopMode
  /** This back end as callers see it, when a proxy in front changes it: `https://api.example.com`. For DPoP. */
  origin?: string
  fetch?: Fetch
  /** Unix milliseconds. */
  now?: () => number
}

/** For a bare token: the proof that came with it, and the request that it came with. */
export type WithProof = { dpop?: { proof: string; method: string; url: string } }

/**
 * Checks an access token, offline: from the request that brings it, or bare.
 * @throws VerifyError
 */
export type Verify = (input: IncomingRequest | string, more?: WithProof) => Promise<AccessClaims>

/**
 * Verifies Latchkey's access tokens (RFC 9068 section 4) with the issuer's public keys. One for a process: it keeps the
 * keys. What it cannot see is a revocation: a token dies within its ten minutes, and introspection knows at once.
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
        // A session JWT is for Latchkey alone (RFC 8725 section 3.11).
        typ: 'at+jwt',
        requiredClaims: ['exp', 'iat', 'sub', 'sid', 'client_id', 'jti', 'email', 'auth_time'],
        currentDate: new Date(now()),
      })
      payload = verified.payload
    } catch (cause) {
      // Whatever is not jose's verdict on the token is about the keys.
      const judged = cause instanceof errors.JOSEError && !(cause instanceof errors.JWKSTimeout)
      throw refuse(judged ? 'invalid_token' : 'unavailable', cause)
    }
    try {
      return readClaims(payload)
    } catch (cause) {
      throw refuse('invalid_token', cause)
    }
  }

  /** A bound token passes only with its proof, an unbound one never as bound (RFC 9449 section 7.1). */
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
