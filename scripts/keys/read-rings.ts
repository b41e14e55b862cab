import { parseJwtKeys, parseSealKeys, type JwtKey, type SealKey } from '../../src/base/key-rings.ts'
import type { JwtAlgorithm } from './make-secrets.ts'

/** A set of secrets in the format of `wrangler secret bulk`. Members other than the two rings stay as they are. */
export type SecretSet = Record<string, string>

/** `entry` is the key as written in SEAL_KEYS. */
type SealKeyEntry = SealKey & { entry: string }

export function readSealKeys(text = ''): SealKeyEntry[] {
  const entries = text.split(',').map((entry) => entry.trim())
  const keys = parseSealKeys(text)
  if (keys === null) {
    throw new Error(
      'SEAL_KEYS must be <id>.<32 random bytes in base64url>[.<nbf>], separated by commas, each id used once.',
    )
  }
  return keys.map((key, index) => ({ ...key, entry: entries[index]! }))
}

/** The first byte of a sealed value is its key's id, so no two keys of a ring may have the same id. */
export function nextSealId(ring: SealKey[]): number {
  const taken = new Set(ring.map(({ id }) => id))
  const newest = ring[0]!.id
  const ids = Array.from({ length: 255 }, (_, step) => (newest + 1 + step) % 256)
  const free = ids.find((id) => !taken.has(id))
  if (free === undefined) throw new Error('SEAL_KEYS uses all 256 ids. Remove the oldest keys.')
  return free
}

export function readJwtKeys(text = ''): JwtKey[] {
  let keys: JwtKey[] | undefined
  try {
    keys = parseJwtKeys(JSON.parse(text))?.keys
  } catch {
    // JSON.parse includes its input in its message, so only the message below is shown.
  }
  if (keys !== undefined) return keys
  throw new Error('JWT_KEYS must be {"keys": [private JWKs, each with a kid and an alg]}.')
}

/** A new signing key has the algorithm of the newest one, because the back ends accept it. */
export const newestAlgorithm = (ring: JwtKey[]): JwtAlgorithm =>
  ring[0]!.alg === 'RS256' ? 'RS256' : 'ES256'
