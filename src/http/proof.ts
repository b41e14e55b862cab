import { newDpopNonce, verifyDpopProof } from '../crypto/dpop.ts'
import { depsOf, type AppContext } from './scope.ts'

/** `use_dpop_nonce`: the device's clock is off, and the nonce in the response replaces it (RFC 9449 section 8). */
export type Proof =
  | { ok: true; jkt: string }
  | { ok: false; code: 'no_proof' | 'invalid_dpop_proof' | 'use_dpop_nonce' }

/**
 * Reads the `DPoP` header. No other code does. The proof must have this request's method and its URL, as built from
 * the Worker's own origin. If the proof is not valid, or was valid because of its nonce, the response has a new
 * `DPoP-Nonce`.
 * @param accessToken the bound token of the request: the proof must contain its hash.
 */
export async function readProof(c: AppContext, accessToken?: string): Promise<Proof> {
  const { origin, seals, world } = depsOf(c)
  const header = c.req.header('DPoP')
  if (header === undefined) return { ok: false, code: 'no_proof' }
  const expected = { method: c.req.method, url: origin + c.req.path, accessToken }
  const verdict = await verifyDpopProof(seals, header, expected, world.now())
  if (!verdict.ok || verdict.usedNonce) {
    c.get('scope').answerHeaders['DPoP-Nonce'] = await newDpopNonce(seals, world.now())
  }
  return verdict.ok ? { ok: true, jkt: verdict.jkt } : verdict
}
