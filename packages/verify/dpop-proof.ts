import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify, type JWTPayload } from 'jose'
import { encodeBase64url, isCanonicalJws } from './base64url.ts'

/**
 * The algorithms of proofs: phones and browsers support P-256 and Ed25519. EdDSA (RFC 8037) and Ed25519 (RFC 9864)
 * are two names for one algorithm.
 */
export const DPOP_ALGORITHMS = ['ES256', 'Ed25519', 'EdDSA']
/** How far a proof's `iat` may be from the current time. A copied proof can be replayed for no longer than this. */
export const DPOP_WINDOW_MS = 60_000

export type DpopProof = {
  /** The key's thumbprint (RFC 7638). */
  jkt: string
  /** Unix seconds by the device's clock. Not checked here: the caller compares it with its own clock. */
  iat: number
  nonce?: string | undefined
}

/**
 * Reads a DPoP proof and checks its signature, type, method, URL and the access token's hash (RFC 9449
 * section 4.3). The caller checks time, nonce and key.
 * @param proof the `DPoP` header. Two headers arrive joined by a comma, and are refused.
 * @param expected the URL has neither query nor fragment.
 * @returns null for a proof that is not valid for this request.
 */
export async function readDpopProof(
  proof: string,
  expected: { method: string; url: string; accessToken?: string | undefined },
): Promise<DpopProof | null> {
  if (!isCanonicalJws(proof)) return null
  let claims: JWTPayload
  let jkt: string
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: DPOP_ALGORITHMS,
      // A proof has no `exp` or `nbf`, and the caller checks `iat`.
      clockTolerance: Number.MAX_SAFE_INTEGER,
    })
    claims = payload
    const jwk = protectedHeader.jwk!
    // If the header contains the private key, anyone could have signed the proof.
    if ('d' in jwk || 'k' in jwk) return null
    jkt = await calculateJwkThumbprint(jwk)
  } catch {
    return null
  }
  const { jti, htm, htu, iat, ath, nonce } = claims
  if (!isText(jti) || jti.length > 256 || !Number.isFinite(iat)) return null
  if (htm !== expected.method || !sameUrl(htu, expected.url)) return null
  if (nonce !== undefined && typeof nonce !== 'string') return null
  if (expected.accessToken !== undefined) {
    if (ath !== (await hashOf(expected.accessToken))) return null
  }
  return { jkt, iat: iat!, nonce }
}

/** The value of `ath` (RFC 9449 section 4.2). */
async function hashOf(accessToken: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(accessToken))
  return encodeBase64url(new Uint8Array(hash))
}

const isText = (claim: unknown): claim is string => typeof claim === 'string' && claim !== ''

/** Compared after URL normalisation, without query and fragment (RFC 9449 section 4.3, point 9). */
function sameUrl(htu: unknown, expected: string): boolean {
  if (!isText(htu) || !URL.canParse(htu)) return false
  const given = new URL(htu)
  return given.origin + given.pathname === expected
}
