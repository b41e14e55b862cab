import type { SealKey } from '../base/key-rings.ts'
import { toSeconds } from '../base/time.ts'
import type { World } from '../base/world.ts'
import { concatBytes, decodeBase64url, encodeBase64url, utf8 } from '../base/encoding.ts'

/** What a sealed value is for. One purpose never opens as another: it is the associated data. */
export type SealPurpose =
  'sealed-link' | 'link-handle' | 'session-jwt' | 'dpop-nonce' | 'cursor' | 'console-session'
/** What a derived value is for. */
export type DerivePurpose = 'session-id' | 'code' | 'phone-id' | 'network-id'

export type Opened = { bytes: Uint8Array<ArrayBuffer>; keyId: number }

/**
 * Authenticated encryption with a ring of keys (AES-256-GCM, NIST SP 800-38D): the first whose `nbf` has
 * come seals, all open. So a new key is known to every isolate before anything is sealed with it.
 * A sealed value is base64url of: key id (1 byte), IV (12), ciphertext and tag (16).
 */
export type Seals = {
  /** @param keyId another key of the ring, for what must stay with the key that it began with. */
  seal: (purpose: SealPurpose, bytes: Uint8Array<ArrayBuffer>, keyId?: number) => Promise<string>
  /** null for what was not sealed here for this purpose, or is damaged. */
  open: (purpose: SealPurpose, sealed: string) => Promise<Opened | null>
  /** The key that seals now: derive with the key of what a value belongs to, so that rotation breaks nothing. */
  readonly currentKeyId: number
  /** HMAC-SHA-256 (RFC 2104), 32 bytes. @throws when the key has left the ring. */
  derive: (keyId: number, purpose: DerivePurpose, text: string) => Promise<Uint8Array<ArrayBuffer>>
  /** What session JWTs are signed with (HS256); undefined when the key has left the ring. */
  sessionJwtKey: (keyId: number) => CryptoKey | undefined
}

const IV_BYTES = 12
const HEAD_BYTES = 1 + IV_BYTES
const TAG_BYTES = 16

type RingKey = { aes: CryptoKey; hmac: CryptoKey; jwt: CryptoKey }

/** A key for each use from one secret (HKDF, RFC 5869), so that no key serves two. */
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
  /** When every key still waits for its time, the oldest seals: it is the last of the list. */
  const currentKeyId = () =>
    (keys.find((key) => key.nbf <= toSeconds(world.now())) ?? keys.at(-1)!).id
  function keyOf(keyId: number): RingKey {
    const key = ring.get(keyId)
    if (key === undefined) throw new Error('the sealing key has left the ring')
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
