import type { DeviceKey, KeyStore, Storage } from './client-types.ts'
import { fromBase64, toBase64url } from './encoding.ts'

/** The part of `p256` of @noble/curves (version 2) that is used. */
export type P256 = {
  keygen: (seed: Uint8Array) => { secretKey: Uint8Array }
  getPublicKey: (secretKey: Uint8Array, isCompressed: boolean) => Uint8Array
  sign: (bytes: Uint8Array, secretKey: Uint8Array) => Uint8Array
}

const ITEM = 'latchkey.software-key'
/** FIPS 186-5 appendix A.2.1 takes 64 bits more than the order of the curve has, so that every key is as likely. */
const SEED_BYTES = 48

/**
 * A key that the app itself holds, in the same storage as the session. It binds the session, so tokens that leaked from
 * a log, a proxy or a back end are useless elsewhere. It does not help against who can read the app's storage or memory:
 * hardware keys do.
 */
export function softwareKeys({
  p256,
  storage,
  randomBytes,
}: {
  p256: P256
  storage: Storage
  randomBytes: (length: number) => Uint8Array
}): KeyStore {
  let key: Promise<DeviceKey> | undefined
  async function open(): Promise<DeviceKey> {
    const stored = await storage.get(ITEM)
    if (stored !== null) return deviceKeyOf(p256, fromBase64(stored))
    const { secretKey } = p256.keygen(randomBytes(SEED_BYTES))
    await storage.set(ITEM, toBase64url(secretKey))
    return deviceKeyOf(p256, secretKey)
  }
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

function deviceKeyOf(p256: P256, secretKey: Uint8Array): DeviceKey {
  // 04, x, y (SEC 1 section 2.3.3).
  const point = p256.getPublicKey(secretKey, false)
  const [x, y] = [point.slice(1, 33), point.slice(33, 65)]
  return {
    publicJwk: { kty: 'EC', crv: 'P-256', x: toBase64url(x), y: toBase64url(y) },
    // Its defaults: SHA-256, and r and s of 32 bytes each.
    sign: async (bytes) => p256.sign(bytes, secretKey),
  }
}
