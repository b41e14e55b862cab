import { describe, expect, it } from 'vitest'
import { LatchkeyError } from '../../../packages/client/error.ts'
import { createLinks, type LinkState } from '../../../packages/expo/links.ts'
import { redirectLinks } from '../../../packages/expo/native-intent.ts'
import { secureStoreStorage } from '../../../packages/expo/secure-store.ts'
import { newEmail, startLatchkey } from '../../support/workers/latchkey.ts'
import { mailTo, newPhone, type Phone } from '../../support/workers/phone.ts'
import { standInSecureStore } from '../../support/workers/secure-store.ts'

/** Stands for expo-linking: it gives the same initial URL every time. */
function standInLinking(initial: string | null) {
  const listeners = new Set<(event: { url: string }) => void>()
  return {
    getInitialURL: async () => initial,
    addEventListener(_: 'url', listener: (event: { url: string }) => void) {
      listeners.add(listener)
      return { remove: () => void listeners.delete(listener) }
    },
    deliver: (url: string) => listeners.forEach((listener) => listener({ url })),
    listeners,
  }
}

/** The app's links, and all states that a screen would have shown. */
function appLinks(phone: Phone, SecureStore = standInSecureStore()) {
  const links = createLinks(phone.client, secureStoreStorage(SecureStore))
  const shown: LinkState[] = []
  links.subscribe(() => shown.push(links.state()))
  const settled = async () => {
    for (let state = links.state(); ; state = links.state()) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      if (state.state !== 'opening' && links.state() === state) return state
    }
  }
  return { links, shown, settled, SecureStore }
}

async function asked() {
  const app = startLatchkey()
  const phone = newPhone(app)
  const email = newEmail()
  await phone.client.ask({ email })
  const { link } = await mailTo(app, email)
  return { app, phone, email, link }
}

const failures = (shown: LinkState[]) => shown.filter(({ state }) => state === 'failed')

describe('works', () => {
  it('opens the link that started the app, and tells when it is done', async () => {
    const { phone, link } = await asked()
    const { links, shown, settled } = appLinks(phone)
    links.listen(standInLinking(link))
    await settled()
    expect(await phone.client.session()).not.toBeNull()
    expect(shown).toEqual([{ state: 'opening' }, { state: 'idle' }])
  })

  it('opens a link that comes while the app runs, also by the scheme of the app', async () => {
    const { phone, link } = await asked()
    const { links, settled } = appLinks(phone)
    const Linking = standInLinking(null)
    const stop = links.listen(Linking)
    Linking.deliver(link.replace(/^https?:\/\/[^/]+/, 'latchkey:/'))
    await settled()
    expect(await phone.client.session()).not.toBeNull()
    stop()
    expect(Linking.listeners.size).toBe(0)
  })

  it('opens links for expo-router, and leaves other paths alone', async () => {
    const { phone, link } = await asked()
    const { links, settled } = appLinks(phone)
    const redirectSystemPath = redirectLinks(links, { to: '/welcome' })
    expect(redirectSystemPath({ path: '/devices', initial: false })).toBe('/devices')
    expect(redirectSystemPath({ path: link, initial: true })).toBe('/welcome')
    expect(redirectSystemPath({ path: new URL(link).pathname, initial: true })).toBe('/welcome')
    await settled()
    expect(await phone.client.session()).not.toBeNull()
  })

  it('takes no other URL for a link', () => {
    const { links, shown } = appLinks(newPhone(startLatchkey()))
    for (const url of [null, undefined, '', 'latchkey://', 'https://x.example/tok_ml_abc']) {
      expect(links.open(url)).toBe(false)
    }
    expect(shown).toEqual([])
  })

  it('opens the same link again after the network failed, and forgets the error once it was read', async () => {
    const { phone, link } = await asked()
    const { links, shown, settled } = appLinks(phone)
    phone.network.strike = () => 'drop-request'
    links.open(link)
    expect(await settled()).toMatchObject({ state: 'failed', error: { code: 'offline' } })
    links.dismiss()
    expect(links.state()).toEqual({ state: 'idle' })
    phone.network.strike = () => null
    links.open(link)
    expect(await settled()).toEqual({ state: 'idle' })
    expect(failures(shown)).toHaveLength(1)
    expect(await phone.client.session()).not.toBeNull()
  })
})

describe('refuses', () => {
  it('a link that another device asked for', async () => {
    const { app, link } = await asked()
    const { links, settled } = appLinks(newPhone(app))
    links.open(link)
    const { error } = (await settled()) as { error: LatchkeyError }
    expect(error).toBeInstanceOf(LatchkeyError)
    expect(error.code).toBe('not_asked')
  })
})

describe('withstands', () => {
  it('the same URL as initial URL, as event and through the router at once: one sign-in, no error', async () => {
    const { phone, link } = await asked()
    const { links, shown, settled } = appLinks(phone)
    const Linking = standInLinking(link)
    links.listen(Linking)
    Linking.deliver(link)
    redirectLinks(links)({ path: link, initial: true })
    await settled()
    Linking.deliver(link)
    await settled()
    expect(failures(shown)).toEqual([])
    expect(phone.heard).toHaveLength(1)
    expect(phone.network.sent.filter((one) => one === 'POST /v1/token')).toHaveLength(1)
  })

  it('the same URL again after a sign-out and a restart of the app', async () => {
    const { phone, link } = await asked()
    const first = appLinks(phone)
    first.links.open(link)
    await first.settled()
    await phone.client.signOut()
    phone.restart()
    const { links, shown, settled } = appLinks(phone, first.SecureStore)
    links.listen(standInLinking(link))
    await settled()
    expect(failures(shown)).toEqual([])
    // Also while the person already waits for the next link.
    await phone.client.ask({ email: newEmail() })
    links.open(link)
    await settled()
    expect(failures(shown)).toEqual([])
    expect(await phone.client.session()).toBeNull()
  })

  it('a screen that listens again: the error of the initial URL does not come back', async () => {
    const { app, link } = await asked()
    const { links, shown, settled } = appLinks(newPhone(app))
    const Linking = standInLinking(link)
    links.listen(Linking)()
    expect(await settled()).toMatchObject({ state: 'failed', error: { code: 'not_asked' } })
    links.dismiss()
    links.listen(Linking)
    await settled()
    expect(failures(shown)).toHaveLength(1)
    expect(links.state()).toEqual({ state: 'idle' })
  })

  it('the link of an earlier mail, while its person is signed in', async () => {
    const { app, phone, email, link } = await asked()
    app.clock.offsetMs += 61_000
    await phone.client.ask({ email })
    const later = await mailTo(app, email)
    const { links, shown, settled } = appLinks(phone)
    links.open(later.link)
    await settled()
    links.open(link)
    await settled()
    expect(failures(shown)).toEqual([])
  })

  it('two links at once: the error of the first does not hide the success of the second', async () => {
    const { app, phone, link } = await asked()
    const other = newPhone(app)
    const email = newEmail()
    await other.client.ask({ email })
    const foreign = (await mailTo(app, email)).link
    const { links, shown, settled } = appLinks(phone)
    links.open(foreign)
    links.open(link)
    await settled()
    expect(failures(shown)).toEqual([])
    expect(await phone.client.session()).not.toBeNull()
  })

  it('a storage that fails: the sign-in counts', async () => {
    const { phone, link } = await asked()
    const SecureStore = standInSecureStore()
    SecureStore.setItemAsync = async () => {
      throw new Error('the phone is full')
    }
    const { links, settled } = appLinks(phone, SecureStore)
    links.open(link)
    expect(await settled()).toEqual({ state: 'idle' })
    expect(await phone.client.session()).not.toBeNull()
  })
})
