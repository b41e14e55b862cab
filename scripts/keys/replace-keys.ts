import { makeJwtKey, makeSealKey, type JwtAlgorithm } from './make-secrets.ts'
import {
  newestAlgorithm,
  nextSealId,
  readJwtKeys,
  readSealKeys,
  type SecretSet,
} from './read-rings.ts'

export const RINGS = ['SEAL_KEYS', 'JWT_KEYS'] as const
export type Ring = (typeof RINGS)[number]

/**
 * Replaces rings by one new key each, in use at once. Everything that an old key sealed or signed becomes invalid: after
 * a leak, to sign everybody out, and after a restore of the tokens table.
 * @param alg of the new signing key. Without it, that of the newest key.
 * @throws Error that names the malformed member.
 */
export async function replaceKeys(
  current: SecretSet,
  rings: readonly Ring[],
  alg?: JwtAlgorithm,
): Promise<SecretSet> {
  const next = { ...current }
  const [sealKeys, jwtKeys] = [readSealKeys(current.SEAL_KEYS), readJwtKeys(current.JWT_KEYS)]
  if (rings.includes('SEAL_KEYS')) next.SEAL_KEYS = makeSealKey(nextSealId(sealKeys))
  if (rings.includes('JWT_KEYS')) {
    next.JWT_KEYS = JSON.stringify({ keys: [await makeJwtKey(alg ?? newestAlgorithm(jwtKeys))] })
  }
  return next
}
