import { makeJwtKey, makeSealKey, type JwtKey } from './make-secrets.ts'

const HOUR = 3600
/** The longest that a session, whose JWT an old key signed, may last (SESSION_TTL_SECONDS), and a day. */
const KEPT_AFTER_SECONDS = 366 * 86_400

/** A set of secrets as `wrangler secret bulk` takes it. Members that are not keys pass through. */
export type SecretSet = Record<string, string>

/**
 * Puts a new key in front of each ring, known from now on and used in an hour, when every isolate has the ring
 * and every cache of the JWKS the key. Old ones still open and verify.
 * @param now Unix seconds.
 * @throws Error that says which member is not as it should be.
 */
export async function rotateKeys(current: SecretSet, now: number): Promise<SecretSet> {
  const { keys } = parseJwtKeys(current.JWT_KEYS)
  const next: JwtKey = { ...(await makeJwtKey()), nbf: now + HOUR }
  const sealKey = `${makeSealKey(nextSealId(current.SEAL_KEYS))}.${now + HOUR}`
  return {
    ...current,
    SEAL_KEYS: [sealKey, current.SEAL_KEYS].join(','),
    JWT_KEYS: JSON.stringify({ keys: dropSuperseded([next, ...keys], now) }),
  }
}

/** An id is the byte in front of what its key sealed, so it is never given to two keys of a ring. */
function nextSealId(ring: string | undefined): number {
  const ids = (ring ?? '')
    .split(',')
    .map((key) => /^(\d{1,3})\.[\w-]{43}(?:\.\d{1,10})?$/.exec(key.trim())?.[1])
  if (ids.includes(undefined)) {
    throw new Error(
      'SEAL_KEYS must be <id>.<32 random bytes in base64url>[.<nbf>], separated by commas.',
    )
  }
  const taken = new Set(ids.map(Number))
  const newest = Number(ids[0])
  const free = Array.from({ length: 255 }, (_, step) => (newest + 1 + step) % 256)
  const id = free.find((candidate) => !taken.has(candidate))
  if (id === undefined) throw new Error('SEAL_KEYS has no id left: take the oldest keys out.')
  return id
}

function parseJwtKeys(text: string | undefined): { keys: JwtKey[] } {
  try {
    const { keys } = JSON.parse(text ?? '') as { keys: JwtKey[] }
    if (keys.length > 0 && keys.every((key) => typeof key.kid === 'string')) return { keys }
  } catch {
    // Said below, without a byte of the secret.
  }
  throw new Error('JWT_KEYS must be {"keys": [private JWKs, each with a kid]}.')
}

/** Newest first, a key is superseded when the one before it begins to sign. */
function dropSuperseded(keys: JwtKey[], now: number): JwtKey[] {
  return keys.filter((_, index) => {
    const successor = keys[index - 1]
    return successor?.nbf === undefined || successor.nbf >= now - KEPT_AFTER_SECONDS
  })
}
