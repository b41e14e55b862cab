import { p256 } from '@noble/curves/nist.js'
import { compactVerify, importJWK, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { webRandomness } from '../../../packages/client/context.ts'
import type { KeyStore } from '../../../packages/expo/client-types.ts'
import { hardwareKeys } from '../../../packages/expo/hardware-keys.ts'
import { secureStoreStorage } from '../../../packages/expo/secure-store.ts'
import { softwareKeys } from '../../../packages/expo/software-keys.ts'
import { prove } from '../../../packages/client/proof.ts'
import type { ClientContext } from '../../../packages/client/context.ts'
import { standInIoCrypto, type StandInIoCrypto } from '../../support/workers/io-crypto.ts'
import { standInSecureStore } from '../../support/workers/secure-store.ts'

/** A phone with storage and hardware. `restart` gives the key store of the app after a restart. */
function newPhone(device: StandInIoCrypto['device'] = 'ios', { withFallback = true } = {}) {
  const native = standInIoCrypto(device)
  const SecureStore = standInSecureStore()
  const restart = (): KeyStore => {
    const storage = secureStoreStorage(SecureStore)
    const { randomBytes } = webRandomness
    const fallback = softwareKeys({ p256, storage, randomBytes })
    return hardwareKeys({ native, storage, ...(withFallback && { fallback }) })
  }
  const storage = secureStoreStorage(SecureStore)
  const openSession = () => storage.set('latchkey.session', '{}')
  return { native, SecureStore, storage, openSession, restart }
}

/** Makes a DPoP proof with the client's own code, and verifies it with jose. */
async function provesWith(keys: KeyStore): Promise<JWK> {
  const ctx = { keys, nonces: new Map(), crypto: webRandomness, now: Date.now }
  const target = { method: 'POST', url: 'https://auth.latchkey.test/v1/token', clockOffsetMs: 0 }
  const proof = await prove(ctx as unknown as ClientContext, target)
  const { jwk } = JSON.parse(atob(proof.split('.')[0]!)) as { jwk: JWK }
  await compactVerify(proof, await importJWK(jwk, 'ES256'), { algorithms: ['ES256'] })
  return jwk
}

describe('works', () => {
  it.each(['ios', 'android'] as const)('binds to one key of the hardware on %s', async (device) => {
    const phone = newPhone(device)
    const jwk = await provesWith(phone.restart())
    await phone.openSession()
    expect(await provesWith(phone.restart())).toEqual(jwk)
    expect(phone.native).toMatchObject({ made: 1, signed: 2 })
    expect(await phone.storage.get('latchkey.key')).toBe('hardware')
  })

  it('converts every signature, also those with short numbers', async () => {
    const keys = newPhone().restart()
    for (let n = 0; n < 600; n++) await provesWith(keys)
  })

  it.each(['without-hardware', 'rsa-only', 'expo-go'] as const)(
    'falls back to a key of software on a device %s, and stays with it',
    async (device) => {
      const phone = newPhone(device)
      const jwk = await provesWith(phone.restart())
      expect(phone.native.signed).toBe(0)
      expect(phone.native.keys.size).toBe(0)
      await phone.openSession()
      // An update of the system brings the hardware. The session stays bound to the key that it has.
      phone.native.device = 'android'
      expect(await provesWith(phone.restart())).toEqual(jwk)
    },
  )

  it('signs with software keys that outlive a restart, each app with its own', async () => {
    const { storage } = newPhone()
    const { randomBytes } = webRandomness
    const jwk = await provesWith(softwareKeys({ p256, storage, randomBytes }))
    expect(await provesWith(softwareKeys({ p256, storage, randomBytes }))).toEqual(jwk)
    const other = newPhone().storage
    expect(await provesWith(softwareKeys({ p256, storage: other, randomBytes }))).not.toEqual(jwk)
  })

  it('adopts a key that was made just before the app was killed', async () => {
    const phone = newPhone()
    await phone.native.generate('latchkey')
    await provesWith(phone.restart())
    expect(phone.native.made).toBe(1)
  })

  it('makes a new key when the old one is lost and no session needs it', async () => {
    const phone = newPhone('android')
    const keys = phone.restart()
    const jwk = await provesWith(keys)
    await phone.openSession()
    phone.native.keys.clear()
    await expect(provesWith(keys)).rejects.toMatchObject({ code: 'key' })
    await expect(provesWith(keys)).rejects.toMatchObject({ code: 'key' })
    await phone.storage.delete('latchkey.session')
    expect(await provesWith(keys)).not.toEqual(jwk)
  })
})

describe('refuses', () => {
  it('to sign in without hardware, when there is no fallback', async () => {
    const keys = newPhone('without-hardware', { withFallback: false }).restart()
    await expect(provesWith(keys)).rejects.toMatchObject({ code: 'key' })
  })
})

describe('withstands', () => {
  it.each(['ios', 'android'] as const)(
    'a key that cannot be read for a moment on %s: no new one is made while a session is bound to it',
    async (device) => {
      const phone = newPhone(device)
      const jwk = await provesWith(phone.restart())
      await phone.openSession()
      phone.native.locked = true
      await expect(provesWith(phone.restart())).rejects.toMatchObject({ code: 'key' })
      phone.native.locked = false
      expect(await provesWith(phone.restart())).toEqual(jwk)
      expect(phone.native.made).toBe(1)
    },
  )

  it('a key that iOS has and cannot read at the first start: it neither falls back nor makes another', async () => {
    const phone = newPhone('ios')
    await phone.native.generate('latchkey')
    phone.native.locked = true
    await expect(provesWith(phone.restart())).rejects.toMatchObject({ code: 'key' })
    expect(await phone.storage.get('latchkey.key')).toBeNull()
  })

  it('many callers at once: they share one key', async () => {
    const phone = newPhone()
    const keys = phone.restart()
    const jwks = await Promise.all(Array.from({ length: 10 }, () => provesWith(keys)))
    expect(new Set(jwks.map(({ x }) => x)).size).toBe(1)
    expect(phone.native.made).toBe(1)
  })
})
