import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/base/encoding.ts'
import { approve } from '../support/workers/approvals.ts'
import {
  messagesTo,
  newEmail,
  startLatchkey,
  type Call,
  type Latchkey,
} from '../support/workers/latchkey.ts'
import { linksOf } from '../support/workers/rows.ts'
import { ask, newDevice, redeem, tokenOf } from '../support/workers/sign-in.ts'
import { rowOf } from '../support/workers/tokens.ts'

let numbers = 0
/** A number of its own for each test, of the range kept for fiction. */
const newNumber = () => `+1415555${String(Math.floor(Math.random() * 9e3) + 1e3)}${++numbers}`

/** An approved address outside the company, with a number. */
async function approveWithNumber(app: Latchkey, phoneNumber: string): Promise<string> {
  const email = newEmail('example.com')
  await approve(app, email, { phoneNumber })
  return email
}

describe('works', () => {
  it('signs in by an SMS link with the handle in one round trip, and without it in two', async () => {
    for (const withHandle of [true, false]) {
      const app = startLatchkey()
      const device = await newDevice()
      const number = newNumber()
      const email = await approveWithNumber(app, number)
      const answer = await ask(app, email, device, {
        channel: 'sms',
        phoneNumber: number,
        dashboardId: 'workbook_abc123',
      })
      expect(answer.status).toBe(202)
      const { handle } = (await answer.json()) as { handle: string }
      await app.settle()
      const [sms] = await messagesTo(number)
      expect(sms).toMatchObject({ channel: 'sms' })
      const lines = sms!.text.trimEnd().split('\n')
      expect(lines.at(-1)).toBe(`@auth.latchkey.test #${sms!.code}`)
      expect(sms!.text.length).toBeLessThanOrEqual(160)

      const redeemed = await redeem(app, tokenOf(sms!.link), device, withHandle ? { handle } : {})
      expect(redeemed.status).toBe(200)
      expect(await redeemed.json()).toMatchObject({
        user: { email },
        dashboard_id: 'workbook_abc123',
      })
      const line = app.lines.findLast((entry) => entry['event'] === 'link_redeemed')
      expect(line?.['dynamoRoundTrips']).toBe(withHandle ? 1 : 2)
      expect(await linksOf(app, email)).toMatchObject([
        {
          phoneNumber: number,
          used: true,
          metadata: { sourceFlow: 'sms', dashboardId: 'workbook_abc123' },
        },
      ])
    }
  })

  it('needs no number in the request, because the approval has it', async () => {
    const app = startLatchkey()
    const number = newNumber()
    const email = await approveWithNumber(app, number)
    await ask(app, email, await newDevice(), { channel: 'sms' })
    await app.settle()
    expect(await messagesTo(number)).toHaveLength(1)
  })
})

describe('refuses', () => {
  it('T67: to send to a number that is not on the approval, with the same response', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const [registered, other] = [newNumber(), newNumber()]
    const approved = await approveWithNumber(app, registered)
    const bodies = []
    for (const [email, number] of [
      [approved, other],
      [newEmail('example.com'), other],
      [newEmail('sigmacomputing.com'), other],
    ] as const) {
      const answer = await ask(app, email, device, { channel: 'sms', phoneNumber: number })
      expect(answer.status).toBe(202)
      bodies.push(Object.keys(await answer.json()).join())
    }
    await app.settle()
    expect(await messagesTo(other)).toEqual([])
    expect(await messagesTo(registered)).toEqual([])
    expect(new Set(bodies).size).toBe(1)
  })
})

describe('withstands', () => {
  it('T64, T67: many approvals with the same number: ten messages an hour in all', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const number = newNumber()
    const emails = await Promise.all(
      Array.from({ length: 13 }, () => approveWithNumber(app, number)),
    )
    for (const email of emails) {
      expect((await ask(app, email, device, { channel: 'sms' })).status).toBe(202)
      await app.settle()
    }
    expect(await messagesTo(number)).toHaveLength(10)
    app.clock.offsetMs += 3_601_000
    await ask(app, emails[12]!, device, { channel: 'sms' })
    await app.settle()
    expect(await messagesTo(number)).toHaveLength(11)
  })

  it('a dump of the tables: the phone row’s id is an HMAC, and the row has no number', async () => {
    const number = newNumber()
    const randomKey = (id: number) =>
      `${id}.${encodeBase64url(crypto.getRandomValues(new Uint8Array(32)))}`
    const rings = [randomKey(1), randomKey(1), randomKey(2)]
    const ids: string[] = []
    for (const SEAL_KEYS of [rings[0]!, ...rings]) {
      const app = startLatchkey({ env: { SEAL_KEYS } })
      const email = await approveWithNumber(app, number)
      expect((await ask(app, email, await newDevice(), { channel: 'sms' })).status).toBe(202)
      await app.settle()
      const [id, ...more] = phoneIdsIn(await app.calls())
      expect(id).toMatch(/^phn_[A-Za-z0-9_-]{22}$/)
      expect(more).toEqual([])
      ids.push(id!)
      const row = await rowOf(app, id!)
      expect(row).toMatchObject({ tokenType: 'phone', sentAt1: expect.any(Number) })
      for (const part of [number, number.slice(1), number.slice(2)]) {
        expect(JSON.stringify(row)).not.toContain(part)
      }
    }
    // The same keys give the same id, others another.
    expect(ids[1]).toBe(ids[0])
    expect(new Set(ids).size).toBe(3)

    // There are few enough numbers to hash all of them, so no plain hash of one may stand there.
    for (const text of spellingsOf(number)) {
      for (const algorithm of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512', 'MD5']) {
        const digest = await crypto.subtle.digest(algorithm, new TextEncoder().encode(text))
        const hash = new Uint8Array(digest)
        const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
        for (const id of ids) {
          expect(encodeBase64url(hash)).not.toContain(id.slice(4, 12))
          expect(hex).not.toContain(id.slice(4, 12).toLowerCase())
        }
      }
    }
  })

  it('different spellings of a number: they have one id, and another number has another', async () => {
    const app = startLatchkey()
    const number = newNumber()
    const spelled = `${number.slice(0, 2)} (${number.slice(2, 5)}) ${number.slice(5)}`
    for (const registered of [number, spelled, newNumber()]) {
      const email = await approveWithNumber(app, registered)
      await ask(app, email, await newDevice(), { channel: 'sms' })
      await app.settle()
    }
    const ids = phoneIdsIn(await app.calls())
    expect(ids).toHaveLength(3)
    expect(ids[1]).toBe(ids[0])
    expect(ids[2]).not.toBe(ids[0])
  })
})

/** The ids of budgets of numbers that were written, in order. */
const phoneIdsIn = (calls: Call[]): string[] =>
  calls.flatMap(({ body }) => /"(phn_[^"]*)"/.exec(JSON.stringify(body))?.[1] ?? [])

/** What one may think that an id was made of. */
const spellingsOf = (number: string): string[] =>
  [number, number.slice(1), `00${number.slice(1)}`].flatMap((text) => [
    text,
    `phn_${text}`,
    `phone-id\n${text}`,
    `latchkey/phone/v1\n${text}`,
    `latchkey/address/v1\n${text}`,
    `1\n${text}`,
  ])
