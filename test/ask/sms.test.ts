import { describe, expect, it } from 'vitest'
import { messagesTo, newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { ask, newDevice, redeem, tokenOf } from '../support/workers/sign-in.ts'

let numbers = 0
/** A number of its own for each test, of the range kept for fiction. */
const newNumber = () => `+1415555${String(Math.floor(Math.random() * 9e3) + 1e3)}${++numbers}`

/** An approved address outside the company, with a number. */
async function approve(app: Latchkey, phoneNumber: string): Promise<string> {
  const email = newEmail('example.com')
  await app.db.update({
    TableName: 'mobile-approved-emails',
    Key: { email },
    UpdateExpression:
      'SET approvedBy = :by, approvedAt = :at, expiresAt = :never, phoneNumber = :number',
    ExpressionAttributeValues: {
      ':by': 'admin@sigmacomputing.com',
      ':at': 1,
      ':never': null,
      ':number': phoneNumber,
    },
  })
  return email
}

describe('works', () => {
  it('signs in by an SMS link with the handle in one round trip, and without it in two', async () => {
    for (const withHandle of [true, false]) {
      const app = startLatchkey()
      const device = await newDevice()
      const number = newNumber()
      const email = await approve(app, number)
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
      const rows = await app.db.query({
        TableName: 'mobile-auth-tokens',
        IndexName: 'email-index',
        KeyConditionExpression: 'email = :email',
        ExpressionAttributeValues: { ':email': email },
      })
      const link = rows.items.find((row) => row['tokenType'] === 'magic_link')
      expect(link).toMatchObject({
        phoneNumber: number,
        metadata: { sourceFlow: 'sms', dashboardId: 'workbook_abc123' },
      })
    }
  })

  it('needs no number in the request: the approval has it', async () => {
    const app = startLatchkey()
    const number = newNumber()
    const email = await approve(app, number)
    await ask(app, email, await newDevice(), { channel: 'sms' })
    await app.settle()
    expect(await messagesTo(number)).toHaveLength(1)
  })
})

describe('refuses', () => {
  it('T67: sends nothing to a number that is not on the approval, and answers alike', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const [registered, other] = [newNumber(), newNumber()]
    const approved = await approve(app, registered)
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
  it('T64, T67: sends ten messages an hour to one number, whoever’s approval it stands on', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const number = newNumber()
    const emails = await Promise.all(Array.from({ length: 13 }, () => approve(app, number)))
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
})
