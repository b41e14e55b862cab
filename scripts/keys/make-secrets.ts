import { base64url, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import type { JwtKey } from '../../src/base/key-rings.ts'

const random32 = (): string => base64url.encode(crypto.getRandomValues(new Uint8Array(32)))

/** One key of SEAL_KEYS: `<id>.<32 random bytes, base64url>`, id 0 to 255. */
export function makeSealKey(id: number): string {
  return `${id}.${random32()}`
}

/** @returns a fresh ES256 key whose `kid` is its thumbprint (RFC 7638). */
export async function makeJwtKey(): Promise<JwtKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  const named = { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' }
  return named as JwtKey
}

/** A machine's secret for the console, and the hash of it, which is all that the console is given. */
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
export async function makeSecrets(): Promise<Secrets> {
  return {
    SEAL_KEYS: makeSealKey(1),
    JWT_KEYS: JSON.stringify({ keys: [await makeJwtKey()] }),
    RESOURCE_SERVERS: JSON.stringify({ 'dashboard-api': random32() }),
  }
}
