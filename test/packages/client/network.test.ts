import { describe, expect, it } from 'vitest'
import { LatchkeyError } from '../../../packages/client/error.ts'
import { webCryptoKeys } from '../../../packages/client/keys.ts'
import type { LatchkeyStorage } from '../../../packages/client/storage.ts'
import { seeded, seededFaults } from '../../support/workers/flaky-network.ts'
import {
  messagesTo,
  newEmail,
  startLatchkey,
  type Latchkey,
} from '../../support/workers/latchkey.ts'
import {
  mailTo,
  mapStorage,
  newPhone,
  sessionRows,
  signInOn,
  type Phone,
} from '../../support/workers/phone.ts'
import { size } from '../../support/workers/size.ts'
import { linesOf } from '../../support/workers/tokens.ts'

const SEEDS = size({ usual: 12, long: 400 })
const HEALS = ['offline', 'unavailable', 'rate_limited']
const sessionUrl = 'https://auth.latchkey.test/v1/session'

/** A person who taps again until it works. @throws what no second try may heal. */
async function untilItWorks<T>(work: () => Promise<T>, heals = HEALS): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await work()
    } catch (error) {
      // What `fetch` itself throws is the network's.
      const heal = error instanceof LatchkeyError ? heals.includes(error.code) : true
      if (!heal || tried > 60) throw error
    }
  }
}

/** Asks until a message came: a lost answer to the first try counts, and a budget is waited for. */
async function askUntilMailed(app: Latchkey, phone: Phone, email: string) {
  for (let tried = 0; tried < 60; tried++) {
    await phone.client.ask({ email }).catch((error: unknown) => {
      if (!(error instanceof LatchkeyError) || !HEALS.includes(error.code)) throw error
    })
    await app.settle()
    if ((await messagesTo(email)).length > 0) return
    app.clock.offsetMs += 61_000
  }
  throw new Error('no message came')
}

describe('withstands', () => {
  const seeds = Array.from({ length: SEEDS }, (_, index) => index + 1)

  it.each(seeds)(
    'a network that fails half of the time, seed %i',
    { tags: 'long' },
    async (seed) => {
      const random = seeded(seed)
      const app = startLatchkey()
      const bound = seed % 2 === 0
      const phone = newPhone(app, bound ? { dpop: webCryptoKeys() } : {})
      phone.clock.skewMs = Math.round((random() - 0.5) * 2 * 86_400_000)
      phone.network.strike = seededFaults(seed, 0.5)
      const email = newEmail()

      await askUntilMailed(app, phone, email)
      const { link } = await mailTo(app, email)
      const session = await untilItWorks(() => phone.client.redeemLink(link))
      let generations = 0
      for (let step = 0; step < 4; step++) {
        app.clock.offsetMs += 600_000
        generations++
        const callers = Array.from({ length: 5 }, () =>
          untilItWorks(() => phone.client.accessToken()),
        )
        expect(new Set(await Promise.all(callers))).not.toContain(null)
        if (random() < 0.3) phone.restart()
      }
      await untilItWorks(async () => {
        const answer = await phone.client.fetch(sessionUrl)
        if (!answer.ok || answer.headers.get('Content-Type') === 'text/html') throw new TypeError()
        await answer.json()
      })

      // Signed in once, told once, never out, and one session that moved on once a step.
      expect(phone.heard).toEqual([session])
      const rows = await sessionRows(app, session.user.id)
      expect(
        rows.map(({ tokenId, generation, revokedAt }) => ({ tokenId, generation, revokedAt })),
      ).toEqual([{ tokenId: session.id, generation: generations, revokedAt: undefined }])
      expect(linesOf(app, 'session_reuse_detected')).toEqual([])
    },
  )

  it.each([1, 2, 3, 4, 5, 6])('such a network during a sign-in by code, seed %i', async (seed) => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const email = newEmail()
    await phone.client.ask({ email })
    const { code } = await mailTo(app, email)
    phone.network.strike = seededFaults(seed, 0.5)
    const session = await untilItWorks(() => phone.client.redeemCode(code))
    expect(await sessionRows(app, session.user.id)).toHaveLength(1)
    expect(phone.heard).toEqual([session])
  })

  it('a failing server, without spending code tries', async () => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const email = newEmail()
    await phone.client.ask({ email })
    const { code } = await mailTo(app, email)
    phone.network.sent.length = 0
    phone.network.strike = () => '503'
    await expect(phone.client.redeemCode(code)).rejects.toMatchObject({ code: 'unavailable' })
    expect(phone.network.sent).toEqual(['POST /v1/token'])
  })
})

/** Storage of an app that dies at one step: at that one and afterwards nothing works any more. */
function dyingStorage(items: Map<string, string>, dieAt: number, done: boolean): LatchkeyStorage {
  const real = mapStorage(items)
  let step = 0
  const living = async <T>(work: () => Promise<T>): Promise<T> => {
    const now = ++step
    if (now < dieAt || (now === dieAt && done)) {
      const result = await work()
      if (now < dieAt) return result
    }
    throw new Error('the app was killed')
  }
  return {
    get: (key) => living(() => real.get(key)),
    set: (key, value) => living(() => real.set(key, value)),
    delete: (key) => living(() => real.delete(key)),
  }
}

describe('withstands an app that is killed', () => {
  const steps = Array.from({ length: 6 }, (_, index) => index + 1)
  const cases = steps.flatMap((step) => [
    { step, done: false, when: 'before' },
    { step, done: true, when: 'after' },
  ])

  it.each(cases)('$when step $step of its storage while it signs in', async ({ step, done }) => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const email = newEmail()
    await phone.client.ask({ email })
    const { link } = await mailTo(app, email)
    const doomed = phone.restart({ storage: dyingStorage(phone.items, step, done) })
    const died = await doomed.redeemLink(link).then(
      () => false,
      () => true,
    )
    phone.heard.length = 0
    // The person taps the link again.
    const session = await phone.restart().redeemLink(link)
    expect(await sessionRows(app, session.user.id)).toHaveLength(1)
    app.clock.offsetMs += 600_000
    expect(await phone.client.accessToken()).toEqual(expect.any(String))
    // Steps: session, pending, session written, pending, pending deleted.
    expect(died).toBe(step <= 5)
  })

  it.each(cases)('$when step $step of its storage while it refreshes', async ({ step, done }) => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const session = await signInOn(app, phone, newEmail())
    for (let round = 0; round < 3; round++) {
      app.clock.offsetMs += 600_000
      const doomed = phone.restart({ storage: dyingStorage(phone.items, step, done) })
      const died = await doomed.accessToken().then(
        () => false,
        () => true,
      )
      // Steps: session, again before the request, again after it, session written.
      expect(died).toBe(step <= 4)
    }
    phone.restart()
    expect(await phone.client.accessToken()).toEqual(expect.any(String))
    expect((await phone.client.session({ check: true }))?.id).toBe(session.id)
    expect(phone.heard).toEqual([session])
  })

  it.each(cases)('$when step $step of its storage while it asks', async ({ step, done }) => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const email = newEmail()
    const doomed = phone.restart({ storage: dyingStorage(phone.items, step, done) })
    await doomed.ask({ email }).catch(() => {})
    await app.settle()
    if ((await messagesTo(email)).length === 0) await phone.restart().ask({ email })
    const { link } = await mailTo(app, email)
    expect((await phone.restart().redeemLink(link)).user.email).toBe(email)
  })

  it('a full storage: the new token is not used before it is stored', async () => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const session = await signInOn(app, phone, newEmail())
    const before = phone.items.get('latchkey.session')
    app.clock.offsetMs += 600_000
    const full = {
      ...mapStorage(phone.items),
      set: () => Promise.reject(new Error('QuotaExceededError')),
    }
    await expect(phone.restart({ storage: full }).accessToken()).rejects.toMatchObject({
      code: 'storage',
    })
    expect(phone.items.get('latchkey.session')).toBe(before)
    expect(await phone.restart().accessToken()).toEqual(expect.any(String))
    expect(phone.heard).toEqual([session])
  })
})
