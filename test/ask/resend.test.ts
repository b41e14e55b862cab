import { describe, expect, it } from 'vitest'
import { approve, withdraw } from '../support/workers/approvals.ts'
import { messagesTo, newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import {
  ask,
  askForLink,
  newDevice,
  postJson,
  redeem,
  tokenOf,
} from '../support/workers/sign-in.ts'

const resend = (app: Latchkey, handle: string) => postJson(app, '/v1/links/resend', { handle })
const MINUTE = 60_000
const newNumber = () => `+1415555${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`

describe('works', () => {
  it('sends the same link and code again in one round trip, and earlier emails stay valid', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const asked = await askForLink(app, device, undefined, { locale: 'de-CH' })
    app.clock.offsetMs += MINUTE
    const answer = await resend(app, asked.handle)
    expect(answer.status).toBe(202)
    expect(await answer.json()).toMatchObject({ expiresIn: expect.any(Number), resendAfter: 60 })
    await app.settle()
    const line = app.lines.find((entry) => entry['event'] === 'link_resent')
    expect(line).toMatchObject({ outcome: 'accepted', dynamoRoundTrips: 1, dynamoCalls: 2 })

    const [second, first] = await messagesTo(asked.email)
    expect(second?.code).toBe(first?.code)
    expect(second?.subject).toBe(first?.subject)
    const reference = (mail: unknown) =>
      (mail as { headers: Record<string, string> | { Name: string; Value: string }[] }).headers
    expect(JSON.stringify(reference(second))).not.toBe(JSON.stringify(reference(first)))
    expect((await redeem(app, tokenOf(first!.link), device)).status).toBe(200)
    const again = await redeem(app, tokenOf(second!.link), {
      ...device,
      deviceId: 'dev_other-phone',
    })
    expect(await again.json()).toMatchObject({ latchkey_reason: 'used' })
  })

  it('says when the next resend is possible, even when the hour’s budget is used up', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const asked = await askForLink(app, device)
    let last: { resendAfter: number } | undefined
    for (let sent = 1; sent < 5; sent++) {
      app.clock.offsetMs += MINUTE
      const answer = await resend(app, asked.handle)
      expect(answer.status).toBe(202)
      last = await answer.json()
    }
    expect(last!.resendAfter).toBeGreaterThan(3300)
    app.clock.offsetMs += MINUTE
    const refused = await resend(app, asked.handle)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(3200)
  })
})

describe('refuses', () => {
  it('a resend within the cooldown', async () => {
    const app = startLatchkey()
    const asked = await askForLink(app, await newDevice())
    const refused = await resend(app, asked.handle)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('Retry-After'))).toBeLessThanOrEqual(60)
    await app.settle()
    expect(await messagesTo(asked.email)).toHaveLength(1)
  })

  it('to send a link that was used or has expired, and names an invalid handle', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const asked = await askForLink(app, device)
    await redeem(app, asked.linkToken, device)
    app.clock.offsetMs += MINUTE
    expect((await resend(app, asked.handle)).status).toBe(202)
    await app.settle()
    expect(await messagesTo(asked.email)).toHaveLength(1)
    app.clock.offsetMs += 900_000
    expect((await resend(app, asked.handle)).status).toBe(410)
    const bad = await resend(app, asked.linkToken)
    expect(bad.status).toBe(400)
    expect(await bad.json()).toMatchObject({ errors: [{ pointer: '#/handle' }] })
  })

  it('to send after the approval was withdrawn, with the same response', async () => {
    const app = startLatchkey()
    const email = newEmail()
    const asked = await askForLink(app, await newDevice(), email)
    await withdraw(app, email)
    app.clock.offsetMs += MINUTE
    expect((await resend(app, asked.handle)).status).toBe(202)
    await app.settle()
    expect(await messagesTo(email)).toHaveLength(1)
  })

  it('to send an SMS to a number that is no longer on the approval', async () => {
    const app = startLatchkey()
    const email = newEmail()
    const [first, second] = [newNumber(), newNumber()]
    await approve(app, email, { phoneNumber: first })
    const answer = await ask(app, email, await newDevice(), { channel: 'sms' })
    const { handle } = (await answer.json()) as { handle: string }
    await app.settle()
    const [sent] = await messagesTo(first)
    await approve(app, email, { phoneNumber: second })
    app.clock.offsetMs += MINUTE
    expect((await resend(app, handle)).status).toBe(202)
    await app.settle()
    expect(await messagesTo(first)).toHaveLength(1)
    expect(await messagesTo(second)).toMatchObject([{ code: sent!.code, channel: 'sms' }])
    await approve(app, email, { phoneNumber: null })
    app.clock.offsetMs += MINUTE
    expect((await resend(app, handle)).status).toBe(202)
    await app.settle()
    expect(await messagesTo(second)).toHaveLength(1)
    expect(app.lines.at(-1)).toMatchObject({ event: 'link_not_sent', reason: 'no_number' })
  })

  it('T68: to send to an unknown address, with the same response as for an approved one', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const email = newEmail('example.org')
    const { handle } = (await (await ask(app, email, device)).json()) as { handle: string }
    app.clock.offsetMs += MINUTE
    expect((await resend(app, handle)).status).toBe(202)
    await app.settle()
    expect(await messagesTo(email)).toEqual([])
    const line = app.lines.find((entry) => entry['event'] === 'link_resent')
    expect(line).toMatchObject({ dynamoRoundTrips: 1, dynamoCalls: 2 })
  })
})
