import type { IoCryptoModule } from '../../../packages/expo/hardware-keys.ts'
import type { PublicJwk } from '../../../packages/expo/client-types.ts'

const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Stands for @pagopa/io-react-native-crypto: real P-256 keys, its error codes, its signatures in DER and base64. */
export type StandInIoCrypto = IoCryptoModule & {
  keys: Map<string, CryptoKeyPair>
  made: number
  signed: number
  /** As while the phone is locked: a key that is there is reported as not found. */
  locked: boolean
  /** What the device can do. `ios` refuses to replace a key that it cannot read, `android` replaces it. */
  device: 'ios' | 'android' | 'rsa-only' | 'without-hardware' | 'expo-go'
}

export function standInIoCrypto(device: StandInIoCrypto['device'] = 'ios'): StandInIoCrypto {
  const refuse = (code: string) => new Error(code)
  const pairOf = (tag: string) => {
    if (self.device === 'expo-go') throw new Error('The package does not seem to be linked.')
    const pair = self.locked ? undefined : self.keys.get(tag)
    if (pair === undefined) throw refuse('PUBLIC_KEY_NOT_FOUND')
    return pair
  }
  const self: StandInIoCrypto = {
    keys: new Map(),
    made: 0,
    signed: 0,
    locked: false,
    device,
    async getPublicKeyFixed(tag) {
      const { publicKey } = pairOf(tag)
      if (self.device === 'rsa-only') return { kty: 'RSA' }
      return (await crypto.subtle.exportKey('jwk', publicKey)) as unknown as PublicJwk
    },
    async generate(tag) {
      if (self.device === 'expo-go') throw new Error('The package does not seem to be linked.')
      if (self.device === 'without-hardware') throw refuse('UNKNOWN_EXCEPTION')
      const visible = self.device === 'ios' || !self.locked
      if (visible && self.keys.has(tag)) throw refuse('KEY_ALREADY_EXISTS')
      self.made++
      self.keys.set(
        tag,
        (await crypto.subtle.generateKey(ES256, true, ['sign', 'verify'])) as CryptoKeyPair,
      )
      return {}
    },
    async sign(text, tag) {
      const { privateKey } = pairOf(tag)
      self.signed++
      const raw = await crypto.subtle.sign(ES256, privateKey, new TextEncoder().encode(text))
      return btoa(String.fromCharCode(...toDer(new Uint8Array(raw))))
    },
    async deleteKey(tag) {
      self.keys.delete(tag)
    },
  }
  return self
}

/** ECDSA-Sig-Value (RFC 3279 section 2.2.3). */
function toDer(raw: Uint8Array): number[] {
  const body = [raw.subarray(0, 32), raw.subarray(32)].flatMap((number) => {
    const first = number.findIndex((byte) => byte !== 0)
    const bare = [...number.subarray(first)]
    // A number whose first bit is set would be negative.
    const value = bare[0]! >> 7 ? [0, ...bare] : bare
    return [2, value.length, ...value]
  })
  return [0x30, body.length, ...body]
}
