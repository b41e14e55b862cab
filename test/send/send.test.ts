import { describe, expect, it } from 'vitest'
import { unixMs } from '../../src/base/time.ts'
import { realWorld, type World } from '../../src/base/world.ts'
import { approve } from '../support/workers/approvals.ts'
import { messagesTo, newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { ask, newDevice } from '../support/workers/sign-in.ts'
import { forgetSends, linesOf } from '../support/workers/tokens.ts'

const HOUR = 3_600_000

/**
 * A world whose clock is moved in the moment before a message is sent: after the last call of DynamoDB, so
 * that the sender is the first to notice. The inbox checks every signature and its time by the real clock.
 */
function movedBeforeSending(lastCall: (body: string) => boolean, byMs: number) {
  const sent: string[] = []
  let offsetMs = 0
  const world: Partial<World> = {
    now: () => unixMs(Date.now() + offsetMs),
    fetch: async (url, init) => {
      const target = new Headers(init.headers).get('X-Amz-Target') ?? 'SendEmail'
      const answer = await realWorld.fetch(url, init)
      if (!target.startsWith('DynamoDB')) sent.push(`${target} ${answer.status}`)
      else if (lastCall(init.body as string)) offsetMs += byMs
      return answer
    },
  }
  return { world, sent }
}

let numbers = 0
const newNumber = () =>
  `+1415555${String(Math.floor(Math.random() * 9e3) + 1e3)}${String(++numbers)}`

async function askBySms(app: Latchkey, email: string): Promise<void> {
  expect((await ask(app, email, await newDevice(), { channel: 'sms' })).status).toBe(202)
  await app.settle()
}

describe('works', () => {
  it.each([-HOUR, HOUR])(
    'T47: signs an email again once if AWS finds its time %d ms off, and sends it once',
    async (byMs) => {
      const isLink = (body: string) => body.includes('magic_link')
      const { world, sent } = movedBeforeSending(isLink, byMs)
      const app = startLatchkey({ world })
      const email = newEmail()
      expect((await ask(app, email, await newDevice())).status).toBe(202)
      await app.settle()
      expect(sent).toEqual(['SendEmail 403', 'SendEmail 200'])
      expect(await messagesTo(email)).toHaveLength(1)
      expect(linesOf(app, 'link_sent')).toHaveLength(1)
      expect(linesOf(app, 'link_not_sent')).toEqual([])
    },
  )

  it.each([-HOUR, HOUR])(
    'T47: signs an SMS again once if AWS finds its time %d ms off, and sends it once',
    async (byMs) => {
      const { world, sent } = movedBeforeSending((body) => body.includes('"phn_'), byMs)
      const app = startLatchkey({ world })
      const [email, phoneNumber] = [newEmail(), newNumber()]
      await approve(app, email, { phoneNumber })
      await askBySms(app, email)
      const target = 'PinpointSMSVoiceV2.SendTextMessage'
      expect(sent).toEqual([`${target} 403`, `${target} 200`])
      expect(await messagesTo(phoneNumber)).toHaveLength(1)
      expect(linesOf(app, 'link_sent')).toHaveLength(1)
    },
  )

  it('T47: shares one time correction between DynamoDB, SES and SMS', async () => {
    const sent: string[] = []
    const world: Partial<World> = {
      now: () => unixMs(Date.now() - HOUR),
      fetch: async (url, init) => {
        const answer = await realWorld.fetch(url, init)
        const target = new Headers(init.headers).get('X-Amz-Target') ?? 'SendEmail'
        sent.push(`${target.split('.')[0]!.split('_')[0]!} ${answer.status}`)
        return answer
      },
    }
    const app = startLatchkey({ world })
    // By the approvals' own clock, which is right.
    const [email, phoneNumber] = [newEmail(), newNumber()]
    await approve(app, email, { phoneNumber })
    expect((await app.fetch('/readyz')).status).toBe(200)
    expect(sent.splice(0)).toEqual(['DynamoDB 400', 'DynamoDB 200'])
    expect((await ask(app, email, await newDevice())).status).toBe(202)
    await app.settle()
    await forgetSends(app, email)
    await askBySms(app, email)
    expect(sent.filter((one) => !one.endsWith(' 200'))).toEqual([])
    expect(new Set(sent)).toEqual(
      new Set(['DynamoDB 200', 'SendEmail 200', 'PinpointSMSVoiceV2 200']),
    )
    expect(await messagesTo(email)).toHaveLength(1)
    expect(await messagesTo(phoneNumber)).toHaveLength(1)
  })
})

describe('refuses', () => {
  it.each(['a mail', 'an SMS'])(
    'T47: to retry %s endlessly if the clock is not the cause: logs one line, sends nothing',
    async (what) => {
      const requests: string[] = []
      const fetch = async (url: string, init: RequestInit) => {
        const target = new Headers(init.headers).get('X-Amz-Target') ?? 'SendEmail'
        if (target.startsWith('DynamoDB')) return realWorld.fetch(url, init)
        requests.push(target)
        return Response.json(
          { __type: 'InvalidSignatureException' },
          { status: 403, headers: { Date: new Date().toUTCString() } },
        )
      }
      const app = startLatchkey({ world: { fetch } })
      const [email, phoneNumber] = [newEmail(), newNumber()]
      await approve(app, email, { phoneNumber })
      const more = what === 'an SMS' ? { channel: 'sms' } : {}
      expect((await ask(app, email, await newDevice(), more)).status).toBe(202)
      await app.settle()
      expect(requests).toHaveLength(1)
      expect(linesOf(app, 'link_not_sent')).toEqual([
        expect.objectContaining({
          outcome: 'failed',
          error: 'SendError InvalidSignatureException',
        }),
      ])
    },
  )
})
