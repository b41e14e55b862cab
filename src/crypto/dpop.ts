import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose'
import * as z from 'zod/mini'
import { encodeBase64url, isCanonicalJws, sha256 } from './encoding.ts'
import type { Seals } from './seal.ts'

/**
 * What a proof may be signed with: the two that phones' key stores and browsers have. EdDSA by both of its
 * names (RFC 8037, and RFC 9864, which standard clients now write).
 */
export const DPOP_ALGORITHMS = ['ES256', 'Ed25519', 'EdDSA']
/** How far a proof's `iat` may be from now, and how long a nonce is good for: a replay lives no longer. */
const WINDOW_MS = 60_000

const Proof = z.object({
  jti: z.string().check(z.minLength(1), z.maxLength(256)),
  htm: z.string(),
  htu: z.string(),
  iat: z.number(),
  ath: z.optional(z.string()),
  nonce: z.optional(z.string()),
})

export type DpopVerdict =
  | { ok: true; jkt: string; usedNonce: boolean }
  | { ok: false; code: 'invalid_dpop_proof' | 'use_dpop_nonce' }

/**
 * Checks a DPoP proof (RFC 9449 section 4.3). A clock that is off gets `use_dpop_nonce`: with our nonce in
 * the proof, the phone's own time does not matter (section 8).
 * @param proof the `DPoP` header; two of them arrive joined by a comma, and are refused.
 * @param expected method and URL (of ISSUER, never of the request's headers), and the access token that comes with it.
 */
export async function verifyDpopProof(
  seals: Seals,
  proof: string,
  expected: { method: string; url: string; accessToken?: string | undefined },
  nowMs: number,
): Promise<DpopVerdict> {
  const invalid = { ok: false, code: 'invalid_dpop_proof' } as const
  let claims: z.output<typeof Proof>
  let jkt: string
  if (!isCanonicalJws(proof)) return invalid
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: DPOP_ALGORITHMS,
      // `exp` and `nbf` are not a proof's claims; the window below is the only clock that counts.
      clockTolerance: Number.MAX_SAFE_INTEGER,
    })
    claims = Proof.parse(payload)
    const jwk = protectedHeader.jwk!
    // A proof that shows its private key proves nothing.
    if ('d' in jwk || 'k' in jwk) return invalid
    jkt = await calculateJwkThumbprint(jwk)
  } catch {
    return invalid
  }
  if (claims.htm !== expected.method || !sameUrl(claims.htu, expected.url)) return invalid
  if (expected.accessToken !== undefined) {
    if (claims.ath !== encodeBase64url(await sha256(expected.accessToken))) return invalid
  }
  const ageMs = Math.abs(nowMs - claims.iat * 1000)
  const timely = ageMs <= WINDOW_MS
  if (claims.nonce === undefined) {
    return timely ? { ok: true, jkt, usedNonce: false } : { ok: false, code: 'use_dpop_nonce' }
  }
  const nonceAt = await nonceTime(seals, claims.nonce)
  if (nonceAt === null) return { ok: false, code: 'use_dpop_nonce' }
  const fresh = Math.abs(nowMs - nonceAt) <= WINDOW_MS
  // An old nonce of ours harms nobody beside a right clock: no second request for it.
  return fresh || timely
    ? { ok: true, jkt, usedNonce: true }
    : { ok: false, code: 'use_dpop_nonce' }
}

/** Compared without query and fragment, after the normalisation that URLs go through (section 4.3, 9). */
function sameUrl(htu: string, expected: string): boolean {
  if (!URL.canParse(htu)) return false
  const given = new URL(htu)
  return given.origin + given.pathname === expected
}

/** A nonce is a sealed time: nothing is stored. */
export async function newDpopNonce(seals: Seals, nowMs: number): Promise<string> {
  const time = new DataView(new ArrayBuffer(8))
  time.setFloat64(0, nowMs)
  return seals.seal('dpop-nonce', new Uint8Array(time.buffer))
}

async function nonceTime(seals: Seals, nonce: string): Promise<number | null> {
  const opened = await seals.open('dpop-nonce', nonce)
  return opened && new DataView(opened.bytes.buffer).getFloat64(0)
}
