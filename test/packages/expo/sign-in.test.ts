import { p256 } from '@noble/curves/nist.js'
import { calculateJwkThumbprint, decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { createLinks } from '../../../packages/expo/links.ts'
import { expoRandomness, type CryptoModule } from '../../../packages/expo/randomness.ts'
import { hardwareKeys } from '../../../packages/expo/hardware-keys.ts'
import { secureStoreStorage } from '../../../packages/expo/secure-store.ts'
import { softwareKeys } from '../../../packages/expo/software-keys.ts'
import { approve } from '../../support/workers/approvals.ts'
import { standInIoCrypto, type StandInIoCrypto } from '../../support/workers/io-crypto.ts'
import { newEmail, startLatchkey, type Latchkey } from '../../support/workers/latchkey.ts'
import { mailTo, newPhone, sessionRows, type Phone } from '../../support/workers/phone.ts'
import { standInSecureStore, WHEN_UNLOCKED } from '../../support/workers/secure-store.ts'
import { generationOf } from '../../support/workers/tokens.ts'

const sessionUrl = 'https://auth.latchkey.test/v1/session'

/** Stands for expo-crypto, whose enum has strings as values. */
const Crypto: CryptoModule<'SHA-256'> = {
  CryptoDigestAlgorithm: { SHA256: 'SHA-256' },
  getRandomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  digest: (algorithm, bytes) => crypto.subtle.digest(algorithm, bytes),
}

/** An app that is put together as the README says, on a Worker that takes no session without a key. */
function expoApp(device: StandInIoCrypto['device'] = 'ios', app: Latchkey = boundWorker()) {
  const native = standInIoCrypto(device)
  const SecureStore = standInSecureStore()
  const options = () => {
    const storage = secureStoreStorage(SecureStore)
    const randomness = expoRandomness(Crypto)
    const fallback = softwareKeys({ p256, storage, randomBytes: randomness.randomBytes })
    const dpop = hardwareKeys({ native, storage, fallback })
    return { storage, crypto: randomness, dpop }
  }
  const phone: Phone = newPhone(app, options())
  const restart = () => phone.restart(options())
  const links = () => createLinks(phone.client, secureStoreStorage(SecureStore))
  return { app, phone, native, SecureStore, restart, links }
}
const boundWorker = () => startLatchkey({ env: { DPOP: 'required' } })

async function signedIn(device?: StandInIoCrypto['device']) {
  const expo = expoApp(device)
  const email = newEmail()
  await expo.phone.client.ask({ email })
  const session = await expo.phone.client.redeemLink((await mailTo(expo.app, email)).link)
  return { ...expo, email, session }
}

const thumbprintOf = (token: string | null) =>
  (decodeJwt(token!) as { cnf: { jkt: string } }).cnf.jkt

describe('works', () => {
  it.each(['ios', 'android', 'expo-go'] as const)(
    'asks, redeems, restarts, refreshes and calls, bound to the key of the device, on %s',
    async (device) => {
      const { app, native, phone, restart, session } = await signedIn(device)
      const token = await phone.client.accessToken()
      if (device !== 'expo-go') {
        const jwk = await native.getPublicKeyFixed('latchkey')
        expect(thumbprintOf(token)).toBe(await calculateJwkThumbprint(jwk as never))
      }
      restart()
      app.clock.offsetMs += 590_000
      expect((await phone.client.fetch(sessionUrl)).status).toBe(200)
      const refreshed = await phone.client.accessToken()
      expect(refreshed).not.toBe(token)
      expect(thumbprintOf(refreshed)).toBe(thumbprintOf(token))
      expect(await generationOf(app, session.id)).toBe(1)
      expect((await sessionRows(app, session.user.id))[0]).toHaveProperty('dpopJkt')
    },
  )

  it('signs in by code, and leaves nothing but the device behind when it signs out', async () => {
    const { app, phone, SecureStore } = expoApp()
    const email = newEmail()
    await phone.client.ask({ email })
    const { code } = await mailTo(app, email)
    expect((await phone.client.redeemCode(code)).user.email).toBe(email)
    expect(await phone.client.signOut()).toBe(true)
    expect([...SecureStore.items.keys()].toSorted()).toEqual([
      'latchkey/latchkey.device',
      'latchkey/latchkey.key',
    ])
  })

  it('stores the session of the longest address, which no single item holds', async () => {
    const { app, phone, SecureStore, restart } = expoApp()
    const [local, label] = [newEmail().split('@')[0]!.padEnd(64, 'a'), 'b'.repeat(63)]
    const email = `${local}@${label}.${label}.${'c'.repeat(53)}.example`
    expect(email).toHaveLength(254)
    await approve(app, email)
    await phone.client.ask({ email, dashboardId: 'd'.repeat(64) })
    await phone.client.redeemLink((await mailTo(app, email)).link)
    expect(SecureStore.items.has('latchkey/latchkey.session.a.1')).toBe(true)
    restart()
    app.clock.offsetMs += 590_000
    expect((await phone.client.fetch(sessionUrl)).status).toBe(200)
    expect((await phone.client.session())!.user.email).toBe(email)
    await phone.client.signOut()
    expect([...SecureStore.items.keys()].filter((name) => name.includes('session'))).toEqual([])
  })

  it('goes on with a session that an app without this package had stored', async () => {
    const app = startLatchkey()
    const before = newPhone(app)
    const email = newEmail()
    await before.client.ask({ email })
    const session = await before.client.redeemLink((await mailTo(app, email)).link)
    const { phone, SecureStore } = expoApp('ios', app)
    for (const [key, value] of before.items) {
      SecureStore.items.set(`app/${key}`, { value, accessible: WHEN_UNLOCKED })
    }
    app.clock.offsetMs += 590_000
    expect((await phone.client.fetch(sessionUrl)).status).toBe(200)
    expect(await phone.client.session()).toEqual(session)
    expect([...SecureStore.items.keys()].some((name) => name === 'app/latchkey.session')).toBe(
      false,
    )
  })

  it('ends all sessions of the person, and the next sign-in is bound to the same key', async () => {
    const { app, phone, email } = await signedIn()
    const key = thumbprintOf(await phone.client.accessToken())
    await phone.client.signOutEverywhere()
    app.clock.offsetMs += 61_000
    await phone.client.ask({ email })
    await phone.client.redeemLink((await mailTo(app, email)).link)
    expect(thumbprintOf(await phone.client.accessToken())).toBe(key)
  })
})

describe('withstands', () => {
  it('a background refresh while the phone is locked: the session stays', async () => {
    const { app, phone, native, SecureStore, restart } = await signedIn()
    SecureStore.locked = true
    native.locked = true
    restart()
    app.clock.offsetMs += 660_000
    await expect(phone.client.accessToken()).rejects.toMatchObject({ code: 'key' })
    expect(await phone.client.session()).not.toBeNull()
    native.locked = false
    expect(await phone.client.accessToken()).toEqual(expect.any(String))
    expect(phone.heard).toHaveLength(1)
  })

  it('the loss of the key: it signs out without it, and signs in with a new one', async () => {
    const { app, phone, native, email, restart } = await signedIn('android')
    native.keys.clear()
    restart()
    app.clock.offsetMs += 660_000
    await expect(phone.client.accessToken()).rejects.toMatchObject({ code: 'key' })
    expect(await phone.client.signOut()).toBe(true)
    await phone.client.ask({ email })
    await phone.client.redeemLink((await mailTo(app, email)).link)
    expect((await phone.client.fetch(sessionUrl)).status).toBe(200)
    expect(native.made).toBe(2)
  })

  it('the same link from the system twice, while it signs in for the first time', async () => {
    const { app, phone, links } = expoApp()
    const email = newEmail()
    await phone.client.ask({ email })
    const { link } = await mailTo(app, email)
    const [one, two] = [links(), links()]
    one.open(link)
    two.open(link)
    await expect.poll(() => [one.state().state, two.state().state]).toEqual(['idle', 'idle'])
    expect(phone.heard).toHaveLength(1)
    expect(await sessionRows(app, phone.heard[0]!.user.id)).toHaveLength(1)
  })
})
