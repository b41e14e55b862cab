import type { DeviceKey, KeyStore, PublicJwk, Storage } from './client-types.ts'
import { fromBase64 } from './encoding.ts'

/** The part of @pagopa/io-react-native-crypto that is used. Its errors have their code as `message`. */
export type IoCryptoModule = {
  getPublicKeyFixed: (keyTag: string) => Promise<PublicJwk | { kty: string }>
  generate: (keyTag: string) => Promise<unknown>
  /** Signs the UTF-8 of the text. The signature is base64, in DER. */
  sign: (text: string, keyTag: string) => Promise<string>
  deleteKey: (keyTag: string) => Promise<void>
}

/** Which store the sessions of this device are bound to: `hardware` or `fallback`. */
const ITEM = 'latchkey.key'
const SESSION = 'latchkey.session'

/**
 * Keys in the Secure Enclave of iOS, and in StrongBox or the trusted environment of Android. Nobody can copy them.
 * @param fallback for a device or simulator without such hardware, and for Expo Go. Without it, `getKey` throws there,
 * and nobody can sign in.
 */
export function hardwareKeys({
  native,
  storage,
  fallback,
  keyTag = 'latchkey',
}: {
  native: IoCryptoModule
  storage: Storage
  fallback?: KeyStore
  keyTag?: string
}): KeyStore {
  let key: Promise<DeviceKey> | undefined

  /** @returns null when there is none, or when it cannot be read now. The library does not tell which. */
  async function find(): Promise<PublicJwk | null> {
    try {
      const jwk = await native.getPublicKeyFixed(keyTag)
      return isP256(jwk) ? jwk : null
    } catch {
      return null
    }
  }

  /** @returns null when the device has no hardware for it. */
  async function make(): Promise<PublicJwk | null> {
    try {
      await native.generate(keyTag)
    } catch (error) {
      // iOS has the key, and cannot read it now, as while the phone is locked.
      if (error instanceof Error && error.message === 'KEY_ALREADY_EXISTS') throw error
      return null
    }
    const jwk = await native.getPublicKeyFixed(keyTag)
    if (isP256(jwk)) return jwk
    // Some Android devices make only RSA keys.
    await native.deleteKey(keyTag)
    return null
  }

  async function open(): Promise<DeviceKey> {
    const chosen = await storage.get(ITEM)
    if (chosen === 'fallback' && fallback) return fallback.getKey()
    const found = await find()
    // On Android a new key would replace one that cannot be read for a moment, and the session would end.
    if (found === null && chosen === 'hardware' && (await storage.get(SESSION)) !== null) {
      throw new Error('the key of this device cannot be read')
    }
    const publicJwk = found ?? (await make())
    if (publicJwk === null && !fallback) throw new Error('this device has no hardware for keys')
    const choice = publicJwk === null ? 'fallback' : 'hardware'
    // Stored before a session can be bound to the key.
    if (choice !== chosen) await storage.set(ITEM, choice)
    return publicJwk === null ? fallback!.getKey() : deviceKeyOf(publicJwk)
  }

  const deviceKeyOf = (publicJwk: PublicJwk): DeviceKey => ({
    publicJwk,
    async sign(bytes) {
      try {
        // What a JWS signs is ASCII (RFC 7515 section 5.1).
        return fromBase64(await native.sign(String.fromCharCode(...bytes), keyTag))
      } catch (error) {
        // The key may be gone, so the next call looks for it again.
        key = undefined
        throw error
      }
    },
  })

  return {
    getKey() {
      key ??= open().catch((error: unknown) => {
        key = undefined
        throw error
      })
      return key
    },
  }
}

const isP256 = (jwk: PublicJwk | { kty: string }): jwk is PublicJwk =>
  jwk.kty === 'EC' && 'crv' in jwk && jwk.crv === 'P-256'
