import { describe, expect, it } from 'vitest'
import { LOCALES } from '../../src/base/locale.ts'
import { unixMs } from '../../src/base/time.ts'
import { realWorld } from '../../src/base/world.ts'
import { addressIdOf } from '../../src/model/address.ts'
import { TOKENS_TABLE } from '../../src/base/tables.ts'
import { newDeviceMail } from '../../src/sign-in/new-device-mail.ts'
import { newDeviceWords } from '../../src/sign-in/new-device-words.ts'
import {
  messagesTo,
  newEmail,
  startLatchkey,
  type Latchkey,
  type StartOptions,
} from '../support/workers/latchkey.ts'
import { eraseRow, sessionsOf } from '../support/workers/rows.ts'
import {
  askForLink,
  newDevice,
  redeem,
  redeemCode,
  type Device,
  type Tokens,
} from '../support/workers/sign-in.ts'
import { lastLine } from '../support/workers/tokens.ts'

const start = (options: StartOptions = {}): Latchkey =>
  startLatchkey({ ...options, env: { NEW_DEVICE_MAIL: 'on', ...options.env } })

/** Signs in by link, a minute after the last time. */
async function signInOn(
  app: Latchkey,
  email: string,
  device: Device,
  more: Record<string, string> = {},
) {
  app.clock.offsetMs += 61_000
  const { linkToken } = await askForLink(app, device, email)
  const answer = await redeem(app, linkToken, device, more)
  expect(answer.status, await answer.clone().text()).toBe(200)
  const round = lastLine(app, '/v1/token')
  await app.settle()
  return { tokens: await answer.json<Tokens>(), linkToken, round }
}

const noticesTo = async (email: string) =>
  (await messagesTo(email)).filter(
    ({ subject }) => subject === 'A new device signed in to Latchkey',
  )
const linesOf = (app: Latchkey) => app.lines.filter(({ event }) => event === 'new_device_mail')

/** A person who is signed in on one device. */
async function person(app: Latchkey, email = newEmail()) {
  const device = await newDevice()
  await signInOn(app, email, device)
  return { email, device }
}

describe('T99: a person gets an email when a new device signs in', () => {
  it('says which device, when, and what to do, and has no token', async () => {
    const app = start()
    const { email } = await person(app)
    expect(await noticesTo(email)).toEqual([])
    const { tokens } = await signInOn(app, email, await newDevice(), {
      device_name: 'Eve’s <b>phone</b> https://evil.com',
    })
    const [mail, ...more] = await noticesTo(email)
    expect(more).toEqual([])
    expect(mail!.text).toContain('It calls itself: Eve’s b phone b https evil·com\n')
    expect(mail!.text).toMatch(/\n\d{4}-\d\d-\d\d \d\d:\d\d UTC\n/)
    expect(mail!.text.match(/https?:\S+/g)).toEqual(['https://auth.latchkey.test/account'])
    expect(mail!.html!.match(/href="[^"]*"/g)).toEqual([
      'href="https://auth.latchkey.test/account"',
    ])
    expect(mail!.html).not.toContain('<b>phone')
    expect(mail!.link).toBeNull()
    const { session_id: sessionId, user } = tokens
    expect(linesOf(app)).toEqual([
      expect.objectContaining({ outcome: 'ok', sessionId, userId: user.id }),
    ])
    expect(JSON.stringify(app.lines)).not.toContain(email)
  })

  it('takes no round trip before the response, by link or by code', async () => {
    const app = start()
    const { email } = await person(app)
    const { round } = await signInOn(app, email, await newDevice())
    expect(round).toMatchObject({ dynamoRoundTrips: 1, dynamoCalls: 1 })
    const device = await newDevice()
    app.clock.offsetMs += 61_000
    const asked = await askForLink(app, device, email)
    expect((await redeemCode(app, asked, asked.code, device)).status).toBe(200)
    expect(lastLine(app, '/v1/token')).toMatchObject({ dynamoRoundTrips: 2 })
    await app.settle()
    expect(await noticesTo(email)).toHaveLength(2)
  })

  it('not for the first sign-in of a person, and not for a device that signed in before', async () => {
    const app = start()
    const { email, device } = await person(app)
    await signInOn(app, email, device)
    expect(await noticesTo(email)).toEqual([])
    expect(linesOf(app)).toEqual([])
  })

  it('not for a device that signed out, and signs in again', async () => {
    const app = start()
    const { email, device } = await person(app)
    const { tokens } = await signInOn(app, email, device)
    await app.fetch('/v1/sessions', {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${tokens.access_token}` },
    })
    await app.settle()
    await signInOn(app, email, device)
    expect(await noticesTo(email)).toEqual([])
    await signInOn(app, email, await newDevice())
    expect(await noticesTo(email)).toHaveLength(1)
  })

  it('for a new device of a person whose session rows are all gone', async () => {
    const app = start()
    const { email } = await person(app)
    for (const { tokenId } of await sessionsOf(app, email)) {
      await eraseRow(app, tokenId)
    }
    await signInOn(app, email, await newDevice())
    expect(await noticesTo(email)).toHaveLength(1)
  })

  it('not when the response was lost and the device repeats its request', async () => {
    const app = start()
    const { email } = await person(app)
    const device = await newDevice()
    const { linkToken, tokens } = await signInOn(app, email, device)
    for (let n = 0; n < 3; n++) {
      const again = await redeem(app, linkToken, device)
      expect((await again.json<Tokens>()).session_id).toBe(tokens.session_id)
    }
    await app.settle()
    expect(await noticesTo(email)).toHaveLength(1)
  })

  it('once when DynamoDB’s answer is lost, and the Worker repeats the transaction', async () => {
    const app = start()
    const { email } = await person(app)
    const device = await newDevice()
    app.clock.offsetMs += 61_000
    const { linkToken } = await askForLink(app, device, email)
    await app.setFaults([{ operation: 'TransactWriteItems', fault: 'lost', times: 1 }])
    expect((await redeem(app, linkToken, device)).status).toBe(200)
    await app.settle()
    expect(await noticesTo(email)).toHaveLength(1)
  })

  it('not for a refused sign-in', async () => {
    const app = start()
    const { email } = await person(app)
    app.clock.offsetMs += 61_000
    const { linkToken } = await askForLink(app, await newDevice(), email)
    expect((await redeem(app, linkToken, await newDevice())).status).toBe(400)
    await app.settle()
    expect(await noticesTo(email)).toEqual([])
  })

  it('not for the account of an app reviewer, and not with NEW_DEVICE_MAIL=off', async () => {
    const reviewed = newEmail()
    const account = { email: reviewed, code: '123456', lastDay: '2099-12-31' }
    const cases = [
      [reviewed, { REVIEW_ACCOUNTS: JSON.stringify([account]) }],
      [newEmail(), { NEW_DEVICE_MAIL: 'off' }],
    ] as const
    for (const [email, env] of cases) {
      const app = start({ env })
      await person(app, email)
      await signInOn(app, email, await newDevice())
      expect(await noticesTo(email)).toEqual([])
      // Nothing is read for it, either.
      expect((await app.calls()).map(({ operation }) => operation)).not.toContain('Query')
    }
  })

  it('not to an address whose mailbox refused an email', async () => {
    const app = start()
    const { email } = await person(app)
    const device = await newDevice()
    app.clock.offsetMs += 61_000
    const { linkToken } = await askForLink(app, device, email)
    await app.db.update({
      Update: {
        TableName: TOKENS_TABLE,
        Key: { tokenId: await addressIdOf(email) },
        UpdateExpression: 'SET mailRefusedAt = :at, mailRefusedFor = :why',
        ExpressionAttributeValues: { ':at': 1, ':why': 'bounce' },
      },
    })
    expect((await redeem(app, linkToken, device)).status).toBe(200)
    await app.settle()
    expect(await noticesTo(email)).toEqual([])
    expect(linesOf(app)).toEqual([
      expect.objectContaining({ outcome: 'refused', reason: 'mail_refused' }),
    ])
  })

  it('sends no more of these than links that were sent: nobody can flood a mailbox', async () => {
    const app = start()
    const { email } = await person(app)
    for (let n = 0; n < 4; n++) await signInOn(app, email, await newDevice())
    const all = await messagesTo(email)
    const notices = await noticesTo(email)
    expect(notices.length).toBe(4)
    expect(all.length - notices.length).toBe(5)
    // The budget of messages is used up, so nobody signs in again before the hour is over.
    app.clock.offsetMs += 61_000
    const { codeChallenge } = await newDevice()
    const answer = await app.fetch('/v1/links', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email, codeChallenge }),
    })
    expect(answer.status).toBe(429)
  })
})

describe('withstands', () => {
  it.each([
    ['a query that fails', { operation: 'Query', fault: 'error500' }],
    ['a read that fails', { operation: 'GetItem', fault: 'throttle' }],
  ] as const)(
    '%s: the sign-in succeeds, and the log says that no email was sent',
    async (_, fault) => {
      const app = start()
      const { email } = await person(app)
      const device = await newDevice()
      app.clock.offsetMs += 61_000
      const { linkToken } = await askForLink(app, device, email)
      await app.setFaults([fault])
      expect((await redeem(app, linkToken, device)).status).toBe(200)
      await app.settle()
      expect(await noticesTo(email)).toEqual([])
      expect(linesOf(app)).toEqual([
        expect.objectContaining({
          outcome: 'failed',
          error: expect.stringMatching(/^DynamoUnavailable/),
        }),
      ])
    },
  )

  it('an SES that is away', async () => {
    let isAway = false
    const app = start({
      world: {
        fetch: async (url, init) =>
          isAway && url.includes('/v2/email/')
            ? new Response('{}', { status: 503 })
            : realWorld.fetch(url, init),
        sleep: (ms) => realWorld.sleep(Math.min(ms, 1)),
      },
    })
    const { email } = await person(app)
    const device = await newDevice()
    app.clock.offsetMs += 61_000
    const { linkToken } = await askForLink(app, device, email)
    isAway = true
    expect((await redeem(app, linkToken, device)).status).toBe(200)
    await app.settle()
    expect(linesOf(app)).toEqual([
      expect.objectContaining({ outcome: 'failed', error: expect.stringMatching(/^SendError/) }),
    ])
  })
})

describe('its words', () => {
  const SAMPLE = {
    appName: 'Acme & Sons',
    brandColor: '#1f4fd8',
    accountUrl: 'https://auth.latchkey.test/account',
    deviceName: 'Ada’s iPhone',
    signedInAtMs: unixMs(Date.UTC(2026, 10, 26, 9, 30, 59)),
  }

  it.each(LOCALES)('are complete in %s, in the text and in the HTML', (locale) => {
    const { subject, text, html } = newDeviceMail({ ...SAMPLE, locale })
    const say = newDeviceWords[locale]
    expect(subject).toContain('Acme & Sons')
    expect(html).toContain(`<html lang="${locale}"`)
    for (const word of [say.advice, say.device]) expect(word.trim()).not.toBe('')
    for (const part of [text, html]) expect(part).toContain(say.advice)
    expect(text).toContain('\n2026-11-26 09:30 UTC\n')
    expect(text).toContain(`${say.device}Ada’s iPhone`)
    expect(html).toContain('<bdi>Ada’s iPhone</bdi>')
    expect(text).toContain('\n\nhttps://auth.latchkey.test/account\n')
  })

  it('differ from language to language', () => {
    const names = Object.keys(newDeviceWords.en) as (keyof typeof newDeviceWords.en)[]
    for (const name of names) {
      const said = LOCALES.map((locale) => {
        const word = newDeviceWords[locale][name]
        return typeof word === 'string' ? word : word('App')
      })
      expect(new Set(said).size, name).toBe(LOCALES.length)
    }
  })

  it('leave out a device without a name', () => {
    const { text } = newDeviceMail({ ...SAMPLE, locale: 'en', deviceName: undefined })
    expect(text).not.toContain(newDeviceWords.en.device)
  })
})
