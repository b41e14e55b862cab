import type { UnixSeconds } from './time.ts'

/**
 * One entry of the sealing ring. `id` is the first byte of the values that it sealed. `nbf` (Unix seconds) is when
 * Latchkey may start to seal with it.
 */
export type SealKey = { id: number; secret: Uint8Array<ArrayBuffer>; nbf: number }

/**
 * The current key of a ring: the first one whose `nbf` has passed. A ring lists its newest key first. If no key's
 * `nbf` has passed, the oldest key is used.
 */
export const usableKey = <Key extends { nbf: number }>(
  ring: readonly Key[],
  now: UnixSeconds,
): Key => ring.find((key) => key.nbf <= now) ?? ring.at(-1)!

/** @returns null unless every entry is `<id>.<32 random bytes in base64url>[.<nbf>]` and each id is used once. */
export function parseSealKeys(value: string): SealKey[] | null {
  const entries = value.split(',')
  const keys = entries.flatMap((entry): SealKey[] => {
    const [id = '', secret = '', nbf = '0', ...more] = entry.trim().split('.')
    if (more.length > 0 || !/^\d{1,10}$/.test(nbf)) return []
    if (!/^\d{1,3}$/.test(id) || Number(id) > 255 || !/^[\w-]{43}$/.test(secret)) return []
    const bytes = fromBase64url(secret)
    return looksWeak(bytes) ? [] : [{ id: Number(id), secret: bytes, nbf: Number(nbf) }]
  })
  return new Set(keys.map((key) => key.id)).size === entries.length ? keys : null
}

/** The private members of an RSA key (RFC 7518 section 6.3.2). Web Crypto needs all of them. */
type RsaSecret = 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi'

/** A private signing key (RFC 7517). It is published at once, and signs from `nbf` (Unix seconds) on. */
export type JwtKey = { kid: string; nbf?: number } & (
  | { alg: 'ES256'; kty: 'EC'; crv: 'P-256'; x: string; y: string; d: string }
  | { alg: 'EdDSA'; kty: 'OKP'; crv: 'Ed25519'; x: string; d: string }
  | ({ alg: 'RS256'; kty: 'RSA'; e: 'AQAB'; n: string } & Record<RsaSecret, string>)
  | { alg: 'HS256'; kty: 'oct'; k: string }
)

/**
 * Whether AWS IAM verifies signatures of this algorithm: RSA and ECDSA, but not EdDSA
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html).
 */
export const isForAws = ({ alg }: { alg: JwtKey['alg'] }): boolean => /^(?:ES|RS)256$/.test(alg)

/** The members that a key of each algorithm must have, besides members in base64url. */
const JWK_SHAPES: Record<JwtKey['alg'], { fixed: Record<string, string>; encoded: string[] }> = {
  ES256: { fixed: { kty: 'EC', crv: 'P-256' }, encoded: ['x', 'y', 'd'] },
  EdDSA: { fixed: { kty: 'OKP', crv: 'Ed25519' }, encoded: ['x', 'd'] },
  // With another exponent, such as 1, anyone could sign. Every tool makes keys with 65537.
  RS256: {
    fixed: { kty: 'RSA', e: 'AQAB' },
    encoded: ['n', 'd', 'p', 'q', 'dp', 'dq', 'qi'],
  },
  HS256: { fixed: { kty: 'oct' }, encoded: ['k'] },
}

/** @returns null unless the value is a set of private keys that this Worker can sign with, with unique `kid`s. */
export function parseJwtKeys(value: unknown): { keys: JwtKey[] } | null {
  const keys = (value as { keys?: unknown } | null)?.keys
  if (!Array.isArray(keys) || keys.length === 0 || !keys.every(isJwtKey)) return null
  return new Set(keys.map((key) => key.kid)).size === keys.length ? { keys } : null
}

function isJwtKey(value: unknown): value is JwtKey {
  if (typeof value !== 'object' || value === null) return false
  const jwk = value as Record<string, unknown>
  const { alg, kid, use, nbf } = jwk
  if (typeof alg !== 'string' || !Object.hasOwn(JWK_SHAPES, alg)) return false
  const { fixed, encoded } = JWK_SHAPES[alg as JwtKey['alg']]
  return (
    typeof kid === 'string' &&
    kid !== '' &&
    (use === undefined || use === 'sig') &&
    (nbf === undefined || Number.isSafeInteger(nbf)) &&
    Object.entries(fixed).every(([name, wanted]) => jwk[name] === wanted) &&
    encoded.every((name) => isBase64url(jwk[name])) &&
    (alg !== 'HS256' || !looksWeak(fromBase64url(jwk['k'] as string))) &&
    (alg !== 'RS256' || hasRsaBits(fromBase64url(jwk['n'] as string)))
  )
}

/** Whether a modulus has 2048 bits or more (RFC 7518 section 3.3). It has no leading zero bytes (section 6.3.1.1). */
const hasRsaBits = (n: Uint8Array): boolean =>
  n.length > 256 ? n[0]! > 0 : n.length === 256 && n[0]! > 127

/** Text that a base64url decoder turns into whole bytes. */
const isBase64url = (value: unknown): boolean =>
  typeof value === 'string' && /^[\w-]+$/.test(value) && value.length % 4 !== 1

/** Recognises defaults, placeholders and keyboard patterns. Random bytes almost never look like this. */
const looksWeak = (bytes: Uint8Array): boolean => bytes.length < 32 || new Set(bytes).size < 16

const fromBase64url = (value: string) =>
  Uint8Array.from(atob(value.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
