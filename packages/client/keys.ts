/** The public half of a device's key (RFC 7517). */
export type PublicJwk = { kty: string; crv: string; x: string; y?: string }

export type DeviceKey = {
  publicJwk: PublicJwk
  /** ECDSA with SHA-256 over the bytes, as r and s in 64 bytes or as DER; or Ed25519. */
  sign: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>
}

/**
 * The key that a session is bound to (RFC 9449). It must be the same for as long as sessions shall live: with
 * another key they end. A key store that fails for a moment throws; it never makes a new key in its place.
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

/** A Web Crypto key that cannot be copied out. Without a pair of your own keeping it is gone with the process. */
export function webCryptoKeys(
  pair: Promise<CryptoKeyPair> | CryptoKeyPair = newKeyPair(),
): KeyStore {
  const key = Promise.resolve(pair).then(deviceKeyOf)
  key.catch(() => {})
  return { getKey: () => key }
}
