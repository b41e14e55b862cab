import { base64url, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import type { JwtKey } from '../../src/base/key-rings.ts'

const random32 = (): string => base64url.encode(crypto.getRandomValues(new Uint8Array(32)))

/** One key of SEAL_KEYS: `<id>.<32 random bytes, base64url>`, id 0 to 255. */
export function makeSealKey(id: number): string {
  return `${id}.${random32()}`
}

/** The algorithms of the keys that are made here. RS256 is for back ends that verify nothing else. */
export const JWT_ALGORITHMS = ['ES256', 'RS256'] as const
export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number]

/** @returns a fresh key whose `kid` is its thumbprint (RFC 7638). An RS256 key has 2048 bits. */
export async function makeJwtKey(alg: JwtAlgorithm = 'ES256'): Promise<JwtKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg, use: 'sig' } as JwtKey
}

/** @returns a new secret for a machine that calls the console, and its hash. The console is given only the hash. */
export async function makeConsoleClient(
  name: string,
): Promise<{ name: string; secret: string; secretSha256: string }> {
  const secret = random32()
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))
  return { name, secret, secretSha256: base64url.encode(new Uint8Array(hash)) }
}

export type Secrets = { SEAL_KEYS: string; JWT_KEYS: string; RESOURCE_SERVERS: string }

/**
 * @returns a fresh set, each member as text in the form that the Worker reads. RESOURCE_SERVERS holds the
 * secret that an API presents at the introspection endpoint.
 */
export async function makeSecrets(alg?: JwtAlgorithm): Promise<Secrets> {
  return {
    SEAL_KEYS: makeSealKey(1),
    JWT_KEYS: JSON.stringify({ keys: [await makeJwtKey(alg)] }),
    RESOURCE_SERVERS: JSON.stringify({ 'dashboard-api': random32() }),
  }
}
