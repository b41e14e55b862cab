/** The public half of a device's key (RFC 7517). */
export type PublicJwk = { kty: string; crv: string; x: string; y?: string }

export type DeviceKey = {
  publicJwk: PublicJwk
  /** ECDSA P-256 with SHA-256 (64 bytes of r and s, or DER), or Ed25519. */
  sign: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>
}

/**
 * The key that sessions are bound to (RFC 9449). `getKey` must return the same key every time, because a session ends
 * when its key changes. While the key cannot be read, `getKey` must throw; it must never make a new key.
 */
export type KeyStore = { getKey: () => Promise<DeviceKey> }

const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

export async function newKeyPair(): Promise<CryptoKeyPair> {
  const made: unknown = await crypto.subtle.generateKey(ES256, false, ['sign', 'verify'])
  return made as CryptoKeyPair
}

export async function deviceKeyOf({ privateKey, publicKey }: CryptoKeyPair): Promise<DeviceKey> {
  const { kty, crv, x, y } = (await crypto.subtle.exportKey('jwk', publicKey)) as PublicJwk
  return {
    publicJwk: { kty, crv, x, ...(y && { y }) },
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(ES256, privateKey, bytes)),
  }
}

/**
 * A Web Crypto key pair as a key store. Without your own pair, the client makes one that lasts as long as the
 * process.
 */
export function webCryptoKeys(
  pair: Promise<CryptoKeyPair> | CryptoKeyPair = newKeyPair(),
): KeyStore {
  const key = Promise.resolve(pair).then(deviceKeyOf)
  key.catch(() => {})
  return { getKey: () => key }
}
