import { DPOP_WINDOW_MS, readDpopProof } from '../../packages/verify/dpop-proof.ts'
import type { UnixMs } from '../base/time.ts'
import type { Seals } from './seal.ts'

export { DPOP_ALGORITHMS } from '../../packages/verify/dpop-proof.ts'

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
  // A device whose clock is right may bring an old nonce: sending it back for a new one gains nothing.
  return fresh || timely
    ? { ok: true, jkt, usedNonce: true }
    : { ok: false, code: 'use_dpop_nonce' }
}

/** A nonce is a sealed time: nothing is stored. */
export async function newDpopNonce(seals: Seals, nowMs: UnixMs): Promise<string> {
  const time = new DataView(new ArrayBuffer(8))
  time.setFloat64(0, nowMs)
  return seals.seal('dpop-nonce', new Uint8Array(time.buffer))
}

async function nonceTime(seals: Seals, nonce: string): Promise<number | null> {
  const opened = await seals.open('dpop-nonce', nonce)
  return opened && new DataView(opened.bytes.buffer).getFloat64(0)
}
