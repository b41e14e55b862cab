import { DPOP_WINDOW_MS, readDpopProof } from '../../packages/verify/dpop-proof.ts'
import type { UnixMs } from '../base/time.ts'
import type { Seals } from './seal.ts'

export { DPOP_ALGORITHMS } from '../../packages/verify/dpop-proof.ts'

export type DpopVerdict =
  | { ok: true; jkt: string; usedNonce: boolean }
  | { ok: false; code: 'invalid_dpop_proof' | 'use_dpop_nonce' }

/**
 * Checks a DPoP proof (RFC 9449 section 4.3). A device whose clock is wrong gets `use_dpop_nonce`. If its next proof
 * contains Latchkey's nonce, the device's time does not matter (section 8).
 * @param proof the `DPoP` header. Two headers arrive joined by a comma, and are refused.
 * @param expected the request's method, its URL built from ISSUER instead of its headers, and its access token.
 */
export async function verifyDpopProof(
  seals: Seals,
  proof: string,
  expected: { method: string; url: string; accessToken?: string | undefined },
  nowMs: UnixMs,
): Promise<DpopVerdict> {
  const read = await readDpopProof(proof, expected)
  if (read === null) return { ok: false, code: 'invalid_dpop_proof' }
  const { jkt, nonce } = read
  const timely = Math.abs(nowMs - read.iat * 1000) <= DPOP_WINDOW_MS
  if (nonce === undefined) {
    return timely ? { ok: true, jkt, usedNonce: false } : { ok: false, code: 'use_dpop_nonce' }
  }
  const nonceAt = await nonceTime(seals, nonce)
  if (nonceAt === null) return { ok: false, code: 'use_dpop_nonce' }
  const fresh = Math.abs(nowMs - nonceAt) <= DPOP_WINDOW_MS
  // If the device's clock is right, an old nonce is accepted: a new one would prove nothing more.
  return fresh || timely
    ? { ok: true, jkt, usedNonce: true }
    : { ok: false, code: 'use_dpop_nonce' }
}

/** A nonce is the sealed time when it was made, so nothing is stored. */
export async function newDpopNonce(seals: Seals, nowMs: UnixMs): Promise<string> {
  const time = new DataView(new ArrayBuffer(8))
  time.setFloat64(0, nowMs)
  return seals.seal('dpop-nonce', new Uint8Array(time.buffer))
}

async function nonceTime(seals: Seals, nonce: string): Promise<number | null> {
  const opened = await seals.open('dpop-nonce', nonce)
  return opened && new DataView(opened.bytes.buffer).getFloat64(0)
}
