const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
export async function newKeyPair() {
  const made = await crypto.subtle.generateKey(ES256, false, ['sign', 'verify'])
  return made
}
export async function deviceKeyOf({ privateKey, publicKey }) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
  return {
    publicJwk: { kty, crv, x, ...(y && { y }) },
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(ES256, privateKey, bytes)),
  }
}
/** A Web Crypto key that cannot be copied out. Without a pair of your own keeping it is gone with the process. */
export function webCryptoKeys(pair = newKeyPair()) {
  const key = Promise.resolve(pair).then(deviceKeyOf)
  key.catch(() => {})
  return { getKey: () => key }
}
