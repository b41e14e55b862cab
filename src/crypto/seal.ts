import { usableKey, type SealKey } from '../base/key-rings.ts'
import { toSeconds } from '../base/time.ts'
import type { World } from '../base/world.ts'
import { concatBytes, decodeBase64url, encodeBase64url, utf8 } from '../base/encoding.ts'

/** The purpose of a sealed value. It is the associated data, so a value can only be opened for its own purpose. */
export type SealPurpose =
  | 'sealed-link'
  | 'link-handle'
  | 'session-jwt'
  | 'dpop-nonce'
  | 'cursor'
  | 'console-session'
  | 'console-sign-in'
/** The purpose of a derived value. */
export type DerivePurpose = 'session-id' | 'code' | 'phone-id' | 'network-id'

export type Opened = { bytes: Uint8Array<ArrayBuffer>; keyId: number }

/**
 * Authenticated encryption with a ring of keys (AES-256-GCM, NIST SP 800-38D). The first key whose `nbf` has passed
 * seals, and every key opens. So every isolate knows a new key before the first value is sealed with it. A sealed
 * value is the base64url of: key id (1 byte), IV (12), ciphertext and tag (16).
 */
export type Seals = {
  /** @param keyId a key other than the current one: a link is always sealed with its first key. */
  seal: (purpose: SealPurpose, bytes: Uint8Array<ArrayBuffer>, keyId?: number) => Promise<string>
  /** @returns null if this ring did not seal the value for this purpose, or if the value is damaged. */
  open: (purpose: SealPurpose, sealed: string) => Promise<Opened | null>
  /**
   * The current key. Values that belong to a link are derived with the link's own key, so that a rotation does not
   * change them.
   */
  readonly currentKeyId: number
  /** HMAC-SHA-256 (RFC 2104), 32 bytes. @throws if the ring no longer has the key. */
  derive: (keyId: number, purpose: DerivePurpose, text: string) => Promise<Uint8Array<ArrayBuffer>>
  /** The key that signs session JWTs (HS256), derived from a sealing key; undefined if the ring no longer has it. */
  sessionJwtKey: (keyId: number) => CryptoKey | undefined
}

const IV_BYTES = 12
const HEAD_BYTES = 1 + IV_BYTES
const TAG_BYTES = 16

type RingKey = { aes: CryptoKey; hmac: CryptoKey; jwt: CryptoKey }

/** Derives a separate key for each use from one secret (HKDF, RFC 5869). */
async function importRingKey(secret: Uint8Array<ArrayBuffer>): Promise<RingKey> {
  const master = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const hkdf = (info: string) => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: utf8(info),
  })
  const hs256 = { name: 'HMAC', hash: 'SHA-256', length: 256 }
  const [aes, hmac, jwt] = await Promise.all([
    crypto.subtle.deriveKey(
      hkdf('latchkey seal'),
      master,
      { name: 'AES-GCM', length: 256 },
      false,
      ['encrypt', 'decrypt'],
    ),
    crypto.subtle.deriveKey(hkdf('latchkey derive'), master, hs256, false, ['sign']),
    crypto.subtle.deriveKey(hkdf('latchkey session jwt'), master, hs256, false, ['sign', 'verify']),
  ])
  return { aes, hmac, jwt }
}

export async function createSeals(keys: readonly SealKey[], world: World): Promise<Seals> {
  const ring = new Map(
    await Promise.all(keys.map(async (key) => [key.id, await importRingKey(key.secret)] as const)),
  )
  const currentKeyId = () => usableKey(keys, toSeconds(world.now())).id
  function keyOf(keyId: number): RingKey {
    const key = ring.get(keyId)
    if (key === undefined) throw new Error('the ring has no sealing key of this id')
    return key
  }

  return {
    get currentKeyId() {
      return currentKeyId()
    },

    async seal(purpose, bytes, keyId = currentKeyId()) {
      const key = keyOf(keyId)
      const iv = world.randomBytes(IV_BYTES)
      const algorithm = { name: 'AES-GCM', iv, additionalData: utf8(purpose) }
      const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key.aes, bytes))
      return encodeBase64url(concatBytes(Uint8Array.of(keyId), iv, sealed))
    },

    async open(purpose, sealed) {
      const bytes = decodeBase64url(sealed)
      const key = bytes === null ? undefined : ring.get(bytes[0] ?? -1)
      if (bytes === null || key === undefined || bytes.length < HEAD_BYTES + TAG_BYTES) return null
      const iv = bytes.subarray(1, HEAD_BYTES)
      const algorithm = { name: 'AES-GCM', iv, additionalData: utf8(purpose) }
      try {
        const opened = await crypto.subtle.decrypt(algorithm, key.aes, bytes.subarray(HEAD_BYTES))
        return { bytes: new Uint8Array(opened), keyId: bytes[0]! }
      } catch {
        return null
      }
    },

    async derive(keyId, purpose, text) {
      const message = utf8(`${purpose}\n${text}`)
      return new Uint8Array(await crypto.subtle.sign('HMAC', keyOf(keyId).hmac, message))
    },

    sessionJwtKey: (keyId) => ring.get(keyId)?.jwt,
  }
}
