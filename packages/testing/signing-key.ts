import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'

/** The algorithms of JWT_KEYS that back ends verify with a public key. */
export type Alg = 'ES256' | 'EdDSA' | 'RS256'

export type SigningKey = { alg: Alg; kid: string; privateKey: CryptoKey; publicJwk: JWK }

/** A key whose `kid` is its thumbprint (RFC 7638), as `npm run keys` makes them. */
export async function makeSigningKey(alg: Alg): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  return { alg, kid, privateKey, publicJwk: { ...jwk, kid, alg, use: 'sig' } }
}
