import { describe, expect, it } from 'vitest'
import { approve } from '../support/workers/approvals.ts'
import { addressOf, linksOf, patientWorld, userIdOf } from '../support/workers/rows.ts'
import { newEmail, startLatchkey } from '../support/workers/latchkey.ts'
import { ask, askForLink, newDevice, redeem } from '../support/workers/sign-in.ts'
import { forgetSends } from '../support/workers/tokens.ts'

const USER_ID = /^usr_[A-Za-z0-9_-]{22}$/
const DAY = 86_400

describe('works', () => {
  it('sets the user id of an address at its first ask, and every later link contains it', async () => {
    const app = startLatchkey()
    for (const email of [newEmail(), newEmail('unknown.test')]) {
      expect(await addressOf(app, email)).toBeUndefined()
      expect((await ask(app, email, await newDevice())).status).toBe(202)
      await app.settle()
      const userId = await userIdOf(app, email)
      expect(userId).toMatch(USER_ID)
      await forgetSends(app, email)
      expect((await ask(app, email, await newDevice())).status).toBe(202)
      await app.settle()
      expect(await userIdOf(app, email)).toBe(userId)
      expect((await linksOf(app, email)).map((link) => link.userId)).toEqual([userId, userId])
    }
  })

  it('keeps an address without a sign-in for two days after its last ask, and one with a sign-in forever', async () => {
    const app = startLatchkey()
    const email = newEmail()
    await askForLink(app, await newDevice(), email)
    const first = (await addressOf(app, email))!
    expect(first).toMatchObject({ tokenType: 'address', expiresAt: first.createdAt + 2 * DAY })
    expect(first).not.toHaveProperty('email')
    expect(JSON.stringify(first)).not.toContain(email.split('@')[0])

    app.clock.offsetMs += 120_000
    const device = await newDevice()
    const again = await askForLink(app, device, email)
    const second = (await addressOf(app, email))!
    expect(second.createdAt).toBe(first.createdAt)
    expect(Math.abs(second.expiresAt! - first.expiresAt! - 120)).toBeLessThanOrEqual(5)

    expect((await redeem(app, again.linkToken, device)).status).toBe(200)
    expect((await addressOf(app, email))!.expiresAt).toBeNull()
    await forgetSends(app, email)
    await askForLink(app, await newDevice(), email)
    expect((await addressOf(app, email))!.expiresAt).toBeNull()
  })

  it('T64: counts an address with a tag toward its mailbox, but treats it as a separate person', async () => {
    const app = startLatchkey()
    const email = newEmail()
    const tagged = email.replace('@', '+tag@')
    expect((await ask(app, tagged, await newDevice())).status).toBe(202)
    await app.settle()
    const [mailbox, own] = [await addressOf(app, email), await addressOf(app, tagged)]
    expect(mailbox).toMatchObject({ tokenType: 'address', sentAt1: expect.any(Number) })
    expect(mailbox).not.toHaveProperty('userId')
    expect(own).toMatchObject({ tokenType: 'address', userId: expect.stringMatching(USER_ID) })
    expect(own).not.toHaveProperty('sentAt1')

    expect((await ask(app, email, await newDevice())).status).toBe(429)
    await forgetSends(app, email)
    expect((await ask(app, email, await newDevice())).status).toBe(202)
    await app.settle()
    expect(await userIdOf(app, email)).toMatch(USER_ID)
    expect(await userIdOf(app, email)).not.toBe(own!.userId)
    expect(await userIdOf(app, tagged)).toBe(own!.userId)
  })
})

describe('withstands', () => {
  it('concurrent first asks on different Workers: all read the same user id', async () => {
    const email = newEmail()
    const tagged = email.replace('@', '+tag@')
    const apps = Array.from({ length: 8 }, () => startLatchkey({ world: patientWorld }))
    const statuses = await Promise.all(
      apps.flatMap((app) => [
        newDevice().then(async (device) => (await ask(app, email, device)).status),
        newDevice().then(async (device) => (await ask(app, tagged, device)).status),
      ]),
    )
    await Promise.all(apps.map((app) => app.settle()))
    // One of them all takes the one message; every other one is refused, and none is lost.
    expect(statuses.toSorted((a, b) => a - b)).toEqual([202, ...Array<number>(15).fill(429)])
    const [app] = apps as [(typeof apps)[0]]
    const ids = [await userIdOf(app, email), await userIdOf(app, tagged)]
    const links = [...(await linksOf(app, email)), ...(await linksOf(app, tagged))]
    expect(links).toHaveLength(1)
    expect(ids).toContain(links[0]!.userId)
  })

  it.each(['lost', 'cut', 'reset', 'garbled', 'hang-after'] as const)(
    'T43: a lost response (%s): the retry takes no second message and makes no second user id',
    async (fault) => {
      const app = startLatchkey()
      const tagged = newEmail().replace('@', '+tag@')
      await approve(app, tagged)
      for (const email of [newEmail(), tagged]) {
        await app.setFaults([{ operation: 'UpdateItem', fault, times: 2 }])
        const before = (await app.calls()).length
        await askForLink(app, await newDevice(), email)
        expect(
          (await app.calls()).slice(before).filter((call) => call.fault === fault),
        ).toHaveLength(2)
        const mailbox = (await addressOf(app, email.replace('+tag', '')))!
        expect(mailbox['sentAt1']).toEqual(expect.any(Number))
        expect(mailbox['sentAt2'] ?? 0).toBe(0)
        const userId = await userIdOf(app, email)
        expect(userId).toMatch(USER_ID)
        expect((await linksOf(app, email)).map((link) => link.userId)).toEqual([userId])
      }
    },
  )
})
