import { createExecutionContext, createScheduledController } from 'cloudflare:test'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Env } from '../../src/base/config.ts'
import { LOCALES } from '../../src/base/locale.ts'
import { TOKENS_TABLE } from '../../src/base/tables.ts'
import { unixMs, unixSeconds } from '../../src/base/time.ts'
import { realWorld } from '../../src/base/world.ts'
import { digestMessage } from '../../src/console/digest/message.ts'
import consoleWorker from '../../src/console/index.ts'
import { createScheduled } from '../../src/console/scheduled.ts'
import { withdraw } from '../support/workers/approvals.ts'
import { dayText } from '../../src/console/pages/when.ts'
import { approved, DAY, newGuest } from '../support/workers/console-approvals.ts'
import { putWaiting, requestRow } from '../support/workers/console-requests.ts'
import {
  CONSOLE_ORIGIN,
  machine,
  newAdmin,
  newApprover,
  startConsole,
  type Console,
} from '../support/workers/console.ts'
import { messagesTo, startLatchkey, type StartOptions } from '../support/workers/latchkey.ts'

const DAILY = { DIGEST: 'daily' }

/** Days are claimed in the one table of all tests. No other file's tests send a digest. */
const claimOf = (nowMs: number) => ({
  TableName: TOKENS_TABLE,
  Key: { tokenId: `dig_${new Date(nowMs).toISOString().slice(0, 10)}` },
})
beforeEach(async () => {
  const app = startLatchkey()
  await app.db.transact({ today: { Delete: claimOf(Date.now()) } })
})

async function office(env: Env = DAILY, options: StartOptions = {}) {
  const [adminEmail, approverEmail] = [newAdmin(), newApprover()]
  const app = await startConsole(
    { admins: [adminEmail], approvers: [approverEmail] },
    { ...options, env: { ...env, ...options.env } },
  )
  return { app, adminEmail, approverEmail, run: scheduledOf(app, options) }
}

/** The handler of the cron trigger, on the clock and with the log of a console. */
function scheduledOf(app: Console, { world = {} }: StartOptions = {}) {
  const run = createScheduled(
    { ...realWorld, now: () => unixMs(Date.now() + app.clock.offsetMs), ...world },
    (line) => app.lines.push(JSON.parse(line) as Record<string, unknown>),
  )
  return () => run(createScheduledController(), app.env)
}

const digestLines = (app: Console) => app.lines.filter(({ event }) => event === 'digest_sent')

describe('works', () => {
  it('mails approvers and administrators how many wait, with a link that decides nothing', async () => {
    const { app, run, adminEmail, approverEmail } = await office()
    const guest = newGuest()
    await putWaiting(app, guest)
    await run()
    for (const email of [adminEmail, approverEmail]) {
      const [mail, ...more] = await messagesTo(email)
      expect(more).toEqual([])
      expect(mail!.subject).toMatch(
        /^(?:1 person is|\d+ people are) waiting for approval in Latchkey$/,
      )
      const links = mail!.text.match(/https?:\S+/g)
      expect(links).toEqual([`${CONSOLE_ORIGIN}/requests`])
      expect(mail!.html).toContain(`href="${CONSOLE_ORIGIN}/requests"`)
      expect(mail!.html!.match(/href=/g)).toHaveLength(1)
      // Strangers type the addresses: none is in a mail.
      expect(`${mail!.subject}${mail!.text}${mail!.html}`).not.toContain('@')
    }
    expect(digestLines(app)).toEqual([expect.objectContaining({ outcome: 'ok', count: 2 })])
    expect(JSON.stringify(app.lines)).not.toContain('@')
    // Whoever opens the link, with no session or with one, decides nothing.
    await app.fetch('/requests')
    expect((await requestRow(app, guest))!.decided).toBeUndefined()
  })

  it('is what the cron trigger of the console calls', async () => {
    const { app, adminEmail } = await office()
    await putWaiting(app, newGuest())
    await consoleWorker.scheduled(createScheduledController(), app.env)
    expect(await messagesTo(adminEmail)).toHaveLength(1)
    const answer = await consoleWorker.fetch(
      new Request(`${CONSOLE_ORIGIN}/healthz`),
      app.env,
      createExecutionContext(),
    )
    expect(answer.status).toBe(200)
  })

  it('mails again on the next day', async () => {
    const { app, run, adminEmail } = await office()
    await putWaiting(app, newGuest())
    await run()
    app.clock.offsetMs += DAY * 1000
    await app.db.transact({ tomorrow: { Delete: claimOf(Date.now() + app.clock.offsetMs) } })
    await run()
    expect(await messagesTo(adminEmail)).toHaveLength(2)
  })

  it('speaks the language that is set', async () => {
    const { app, run, adminEmail } = await office({ ...DAILY, DIGEST_LOCALE: 'de' })
    await putWaiting(app, newGuest())
    await run()
    const [mail] = await messagesTo(adminEmail)
    expect(mail!.subject).toMatch(/für Latchkey wart(?:et|en) auf eine Entscheidung/)
    expect(mail!.html).toContain('<html lang="de"')
  })

  it.each(LOCALES)('has words of its own in %s, for one and for more', (locale) => {
    const input = {
      appName: 'A & B <c>',
      brandColor: '#ffd400',
      locale,
      link: `${CONSOLE_ORIGIN}/requests`,
      since: unixSeconds(1_795_000_000),
    }
    const [one, more] = [
      digestMessage({ ...input, waiting: 1 }),
      digestMessage({ ...input, waiting: 23 }),
    ]
    expect(one.subject).toContain('1')
    expect(more.subject).toContain('23')
    expect(more.text).toContain('2026')
    expect(more.text).toContain(input.link)
    expect(more.html).toContain('A &amp; B &lt;c&gt;')
    expect(more.html).not.toContain('<c>')
    expect(more.subject).not.toContain('\n')
    expect(`${more.text}${more.html}`).not.toMatch(/undefined|NaN|\[object/)
  })
})

describe('refuses', () => {
  it('to mail when it is off, which it is by itself', async () => {
    for (const env of [{}, { DIGEST: 'off' }]) {
      const { app, run, adminEmail } = await office(env)
      await putWaiting(app, newGuest())
      await run()
      expect(await messagesTo(adminEmail)).toEqual([])
      expect(app.lines).toEqual([])
    }
  })

  it('to mail or to claim the day when nobody waits', async () => {
    const { app, run, adminEmail } = await office()
    await app.setFaults([{ operation: 'Query', fault: 'hideindex' }])
    await run()
    expect(await messagesTo(adminEmail)).toEqual([])
    expect(digestLines(app)).toEqual([expect.objectContaining({ outcome: 'nothing' })])
    expect(await app.db.get(claimOf(Date.now()))).toBeUndefined()
    await app.setFaults([])
    await putWaiting(app, newGuest())
    // On a busy machine, DynamoDB Local may take longer than a digest waits. Then nothing is claimed or sent.
    for (let tries = 1; tries <= 3; tries++) {
      await run()
      if (digestLines(app).at(-1)?.['outcome'] !== 'failed') break
    }
    expect(digestLines(app).at(-1)).toMatchObject({ outcome: 'ok', count: 2 })
    expect(await messagesTo(adminEmail)).toHaveLength(1)
  })

  it('to count a request whose address was approved in another way', async () => {
    const { app, run, adminEmail } = await office()
    const guest = newGuest()
    const agoMs = 13.99 * DAY * 1000
    await putWaiting(app, guest, { agoMs: [agoMs] })
    await putWaiting(app, newGuest())
    const since = dayText(unixSeconds(Math.floor((Date.now() - agoMs) / 1000)), 'en')
    await run()
    await approved(app, await machine(app, 'writer'), guest)
    await app.db.transact({ today: { Delete: claimOf(Date.now()) } })
    await run()
    const mails = await messagesTo(adminEmail)
    expect(mails.filter(({ text }) => text.includes(since))).toHaveLength(1)
    expect(mails).toHaveLength(2)
  })

  it('to mail somebody who was shut out', async () => {
    const { app, run, adminEmail, approverEmail } = await office()
    await withdraw(app, approverEmail)
    await putWaiting(app, newGuest())
    await run()
    expect(await messagesTo(approverEmail)).toEqual([])
    expect(await messagesTo(adminEmail)).toHaveLength(1)
  })

  it.each([{ DIGEST: 'hourly' }, { ...DAILY, DIGEST_LOCALE: 'it' }])(
    'a configuration that is wrong: %j',
    async (env) => {
      const { app, run } = await office(env)
      await run()
      expect(app.lines).toEqual([expect.objectContaining({ event: 'config_invalid' })])
    },
  )
})

describe('withstands', () => {
  it('a cron that fires twice, one after the other and at once: everyone gets one mail', async () => {
    const { app, run, adminEmail, approverEmail } = await office()
    await putWaiting(app, newGuest())
    await Promise.all(Array.from({ length: 8 }, run))
    await run()
    expect(await messagesTo(adminEmail)).toHaveLength(1)
    expect(await messagesTo(approverEmail)).toHaveLength(1)
    const outcomes = digestLines(app).map(({ outcome }) => outcome)
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'again')).toHaveLength(8)
  })

  it('a lost answer of the claim: the day is claimed, and mailed once', async () => {
    const { app, run, adminEmail } = await office()
    await putWaiting(app, newGuest())
    await app.setFaults([{ operation: 'TransactWriteItems', fault: 'lost', times: 1 }])
    await run()
    await run()
    expect(await messagesTo(adminEmail)).toHaveLength(1)
  })

  it('one mail that SES does not take: the others go out, and the log says so', async () => {
    let mails = 0
    const fetch = (url: string, init: RequestInit) =>
      url.endsWith('/v2/email/outbound-emails') && ++mails === 1
        ? Promise.resolve(
            Response.json(
              { message: 'no' },
              { status: 400, headers: { 'x-amzn-errortype': 'MessageRejected' } },
            ),
          )
        : realWorld.fetch(url, init)
    const { app, run, adminEmail, approverEmail } = await office(DAILY, { world: { fetch } })
    await putWaiting(app, newGuest())
    await run()
    expect(await messagesTo(approverEmail)).toEqual([])
    expect(await messagesTo(adminEmail)).toHaveLength(1)
    expect(digestLines(app)).toEqual([
      expect.objectContaining({ outcome: 'failed', error: expect.any(String) }),
      expect.objectContaining({ outcome: 'ok', count: 1 }),
    ])
    expect(JSON.stringify(app.lines)).not.toContain('@')
  })

  it('a DynamoDB that does not answer: nothing is sent, and the log says so', async () => {
    const { app, run, adminEmail } = await office()
    await putWaiting(app, newGuest())
    await app.setFaults([{ operation: 'Query', fault: 'error500' }])
    await run()
    expect(await messagesTo(adminEmail)).toEqual([])
    expect(digestLines(app)).toEqual([
      expect.objectContaining({ outcome: 'failed', error: expect.any(String) }),
    ])
  })
})
