import { makeJwtKey, makeSealKey, type JwtAlgorithm } from './make-secrets.ts'
import {
  newestAlgorithm,
  nextSealId,
  readJwtKeys,
  readSealKeys,
  type SecretSet,
} from './read-rings.ts'

/**
 * By then, every isolate has the new ring, and every cache of the JWKS has the new public key. API Gateway keeps a
 * JWKS for up to two hours.
 */
const BEGINS_AFTER_SECONDS = 3 * 3600
/**
 * How long a sealing key stays in its ring after a newer one became current. A session JWT is signed with a key
 * derived from a sealing key, and lives for at most 365 days (the maximum of SESSION_TTL_SECONDS). One day is added
 * as a margin.
 */
const SEAL_KEPT_SECONDS = 366 * 86_400
/** The same for a signing key. It only signs tokens that live for at most an hour. */
const JWT_KEPT_SECONDS = 86_400
/** The largest secret that Cloudflare stores. An RS256 key has 1.7 KB. */
const SECRET_MAX_BYTES = 5000

/**
 * Puts a new key first in each ring. The Worker knows it at once, and uses it three hours later. Older keys still
 * open, verify and derive. Keys that no live session or access token can need any more are removed.
 * @param now Unix seconds.
 * @param alg of the new signing key. Without it, RS256 if the newest key has it, and otherwise ES256.
 * @throws Error that names the malformed member.
 */
export async function rotateKeys(
  current: SecretSet,
  now: number,
  alg?: JwtAlgorithm,
): Promise<SecretSet> {
  const nbf = now + BEGINS_AFTER_SECONDS
  const jwtKeys = dropSuperseded(readJwtKeys(current.JWT_KEYS), now - JWT_KEPT_SECONDS)
  const sealKeys = dropSuperseded(readSealKeys(current.SEAL_KEYS), now - SEAL_KEPT_SECONDS)
  const newJwtKey = await makeJwtKey(alg ?? newestAlgorithm(jwtKeys))
  const jwtRing = JSON.stringify({ keys: [{ ...newJwtKey, nbf }, ...jwtKeys] })
  if (jwtRing.length > SECRET_MAX_BYTES) {
    throw new Error(
      `JWT_KEYS would have ${jwtRing.length} bytes, and Cloudflare stores at most ${SECRET_MAX_BYTES}. Remove keys that sign nothing any more, or wait a day.`,
    )
  }
  const newSealKey = `${makeSealKey(nextSealId(sealKeys))}.${nbf}`
  return {
    ...current,
    SEAL_KEYS: [newSealKey, ...sealKeys.map(({ entry }) => entry)].join(','),
    JWT_KEYS: jwtRing,
  }
}

/**
 * A ring lists its newest key first, and the first key whose `nbf` has passed is used. So no key after one that
 * became current long ago has been used since then. A key without `nbf` does not show when it became current, so it
 * does not count here.
 */
function dropSuperseded<Key extends { nbf?: number }>(ring: Key[], before: number): Key[] {
  const longInUse = ring.findIndex(({ nbf = 0 }) => nbf > 0 && nbf < before)
  return longInUse === -1 ? ring : ring.slice(0, longInUse + 1)
}
