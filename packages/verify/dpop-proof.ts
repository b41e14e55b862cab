import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify, type JWTPayload } from 'jose'
import { encodeBase64url, isCanonicalJws } from './base64url.ts'

/**
 * What a proof may be signed with: the two that phones' key stores and browsers have. EdDSA by both of its
 * names (RFC 8037, and RFC 9864, which standard clients now write).
 */
export const DPOP_ALGORITHMS = ['ES256', 'Ed25519', 'EdDSA']
/** How far a proof's `iat` may be from now: a replay lives no longer. */
export const DPOP_WINDOW_MS = 60_000

export type DpopProof = {
  /** The key's thumbprint (RFC 7638). */
  jkt: string
  /** Unix seconds by the device's clock: whoever asks judges it. */
  iat: number
  nonce?: string | undefined
}

/**
 * Reads a DPoP proof and checks all of RFC 9449 section 4.3 but time, nonce and key: signature and type, method,
 * URL, and the access token's hash.
 * @param proof the `DPoP` header; two of them arrive joined by a comma, and are refused.
 * @param expected the URL without query and fragment.
 * @returns null for a proof that is not good for this request.
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
      // `exp` and `nbf` are not a proof's claims; `iat` is judged elsewhere.
      clockTolerance: Number.MAX_SAFE_INTEGER,
    })
    claims = payload
    const jwk = protectedHeader.jwk!
    // A proof that shows its private key proves nothing.
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

/** As `ath` has it (RFC 9449 section 4.2). */
async function hashOf(accessToken: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(accessToken))
  return encodeBase64url(new Uint8Array(hash))
}

const isText = (claim: unknown): claim is string => typeof claim === 'string' && claim !== ''

/** Compared without query and fragment, after the normalisation that URLs go through (section 4.3, 9). */
function sameUrl(htu: unknown, expected: string): boolean {
  if (!isText(htu) || !URL.canParse(htu)) return false
  const given = new URL(htu)
  return given.origin + given.pathname === expected
}
