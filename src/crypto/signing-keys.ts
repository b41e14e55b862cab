import { utf8 } from '../base/encoding.ts'
import { importJWK, type JWK, type JWTHeaderParameters } from 'jose'
import { isForAws, usableKey, type JwtKey } from '../base/key-rings.ts'
import type { UnixSeconds } from '../base/time.ts'
import { ALGORITHMS } from './sign-jwt.ts'

export type SigningKey = { kid: string; alg: JwtKey['alg']; key: CryptoKey }

/** The ring of signing keys for access tokens. The first key whose `nbf` has passed signs, and every key verifies. */
export type SigningKeys = {
  signing: (now: UnixSeconds) => SigningKey
  /** The same, of the keys whose signatures AWS verifies. @throws if there is none. */
  signingForAws: (now: UnixSeconds) => SigningKey
  /** For jose's jwtVerify. It ignores a key in the token's header. @throws if no key has this `kid` and `alg`. */
  verifying: (header: JWTHeaderParameters) => CryptoKey
  algorithms: string[]
  /** The algorithms of `jwks`. */
  published: string[]
  /** The key set (RFC 7517), with public members only and without symmetric keys. */
  jwks: { keys: JWK[] }
}

/** Imports every key, once per isolate. @throws if a key cannot be imported for its `alg`. */
export async function createSigningKeys(jwks: readonly JwtKey[]): Promise<SigningKeys> {
  const ring = await Promise.all(
    jwks.map(async (jwk) => {
      const { kid, alg, nbf = 0 } = jwk
      const secret = await importKey(jwk, alg)
      const verify = alg === 'HS256' ? secret : await importKey(publicJwk(jwk), alg)
      if (alg === 'EdDSA' || alg === 'RS256') await requirePair(alg, secret, verify)
      return { kid, alg, nbf, secret, verify }
    }),
  )
  const algorithms = [...new Set(ring.map((key) => key.alg))]
  const signingOf = (entries: typeof ring, now: UnixSeconds): SigningKey => {
    const entry = usableKey(entries, now)
    return { kid: entry.kid, alg: entry.alg, key: entry.secret }
  }
  return {
    signing: (now) => signingOf(ring, now),
    signingForAws: (now) => signingOf(ring.filter(isForAws), now),
    verifying(header) {
      const entry = ring.find((key) => key.kid === header.kid && key.alg === header.alg)
      if (entry === undefined) throw new Error('no key of the ring')
      return entry.verify
    },
    algorithms,
    published: algorithms.filter((alg) => alg !== 'HS256'),
    jwks: { keys: jwks.filter((jwk) => jwk.alg !== 'HS256').map(publicJwk) },
  }
}

/** jose imports a symmetric key as bytes, which Web Crypto would have to import at each use. */
async function importKey(jwk: JWK, alg: JwtKey['alg']): Promise<CryptoKey> {
  const key = await importJWK(jwk, alg)
  if (!(key instanceof Uint8Array)) return key
  const hs256 = { name: 'HMAC', hash: 'SHA-256' }
  return crypto.subtle.importKey('raw', new Uint8Array(key), hs256, false, ['sign', 'verify'])
}

/** Web Crypto imports an Ed25519 or RSA key even if its members do not match. @throws Error for such a key. */
async function requirePair(
  alg: 'EdDSA' | 'RS256',
  secret: CryptoKey,
  verify: CryptoKey,
): Promise<void> {
  const text = utf8('one pair')
  const signature = await crypto.subtle.sign(ALGORITHMS[alg], secret, text)
  if (await crypto.subtle.verify(ALGORITHMS[alg], verify, signature, text)) return
  throw new TypeError('the members of a key do not match')
}

function publicJwk(jwk: JwtKey): JWK {
  const named = { kid: jwk.kid, alg: jwk.alg, use: 'sig' }
  if (jwk.alg === 'ES256') return { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y, ...named }
  if (jwk.alg === 'EdDSA') return { kty: jwk.kty, crv: jwk.crv, x: jwk.x, ...named }
  if (jwk.alg === 'RS256') return { kty: jwk.kty, n: jwk.n, e: jwk.e, ...named }
  throw new TypeError('a symmetric key has no public form')
}
