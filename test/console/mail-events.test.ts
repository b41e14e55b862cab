import { createScheduledController } from 'cloudflare:test'
import { inject } from 'vitest'
import { describe, expect, it } from 'vitest'
import { parseConfig, type Env } from '../../src/base/config.ts'
import { unixMs } from '../../src/base/time.ts'
import { realWorld } from '../../src/base/world.ts'
import { MAIL_EVENTS_CRON } from '../../src/console/mail-events/read-queue.ts'
import { createScheduled } from '../../src/console/scheduled.ts'
import { addressIdOf } from '../../src/model/address.ts'
import { allowMail } from '../../src/model/mail-refusal.ts'
import { WORKER_AWS } from '../../dev/local-aws.ts'
import { approve } from '../support/workers/approvals.ts'
import {
  asBrowser,
  machine,
  newAdmin,
  send,
  startConsole,
  type Console,
} from '../support/workers/console.ts'
import { allowMails, personPath, readPerson } from '../support/workers/console-people.ts'
import { messagesTo, newEmail } from '../support/workers/latchkey.ts'
import { addressOf } from '../support/workers/rows.ts'
import { ask, askForLink, newDevice, postJson, signIn } from '../support/workers/sign-in.ts'
import { bounceOf, complaintOf } from '../support/workers/mail-events.ts'

type Held = {
  messages: { body: string; deliveries: number }[]
  dead: { body: string }[]
  calls: { action: string }[]
}

/** A console with a queue of its own. */
async function startWithQueue(env: Env = {}) {
  const queue = `q-${crypto.randomUUID()}`
  const endpoint: string = inject('sqsEndpoint')
  const adminEmail = newAdmin()
  const app = await startConsole(
    { admins: [adminEmail] },
    { env: { MAIL_EVENTS_QUEUE_URL: `${endpoint}/123456789012/${queue}`, ...env } },
  )
  const control = (method: string, body?: object) =>
    fetch(`${endpoint}/_control/${queue}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
    }).then((answer) => answer.json<Held>())
  const handler = createScheduled(
    { ...realWorld, now: () => unixMs(Date.now() + app.clock.offsetMs) },
    (line) => app.lines.push(JSON.parse(line) as Record<string, unknown>),
  )
  return {
    app,
    adminEmail,
    put: (...events: (object | string)[]) =>
      control('PUT', {
        bodies: events.map((event) => (typeof event === 'string' ? event : JSON.stringify(event))),
      }),
    fail: (action: string, fault: string, times = 1) =>
      control('PUT', { faults: [{ action, fault, times }] }),
    show: () => control('POST'),
    held: () => control('GET'),
    run: (cron = MAIL_EVENTS_CRON) => handler(createScheduledController({ cron }), app.env),
  }
}

const linesOf = (app: Console, event: string) => app.lines.filter((line) => line['event'] === event)
const auditOf = async (app: Console, email: string) => {
  const { events } = await readPerson(app, await machine(app, 'people'), email)
  return events.filter((event) => event.kind === 'changed')
}

/** An approved address that has just asked for a link. */
async function asked(app: Console) {
  const email = newEmail('guests.example')
  await approve(app.auth, email)
  await askForLink(app.auth, await newDevice(), email)
  return email
}

describe('T98: an address whose mailbox refused an email gets no other one', () => {
  it('marks it from the queue, with an audit row, and says so to administrators', async () => {
    const { app, put, run, held } = await startWithQueue()
    const email = await asked(app)
    await put(bounceOf(email))
    await run()
    expect((await held()).messages).toEqual([])
    const row = await addressOf(app.auth, email)
    expect(row).toMatchObject({ mailRefusedFor: 'bounce' })
    const { person } = await readPerson(app, await machine(app, 'people'), email)
    expect(person.mailRefused).toEqual({ at: row!['mailRefusedAt'], why: 'bounce' })
    expect(await auditOf(app, email)).toEqual([
      expect.objectContaining({ action: 'mail_refused', by: 'system', reason: 'NoEmail 5.1.1' }),
    ])
    const why = await send(
      app,
      'GET',
      `/v1/why?email=${encodeURIComponent(email)}`,
      await machine(app, 'people'),
    )
    const { answers } = await why.json<{
      answers: { noMail: { problem: boolean; sentence: string } }
    }>()
    expect(answers.noMail.problem).toBe(true)
    expect(answers.noMail.sentence).toMatch(/^The mailbox refused our email on \d{4}-/)
    expect(linesOf(app, 'mail_refused')).toEqual([
      expect.objectContaining({ outcome: 'ok', reason: 'bounce' }),
    ])
    expect(linesOf(app, 'mail_events_read')).toEqual([
      expect.objectContaining({ outcome: 'ok', count: 1 }),
    ])
    expect(JSON.stringify(app.lines)).not.toContain(email)
  })

  it('gives the asking app the same answer, and sends nothing', async () => {
    const { app, put, run } = await startWithQueue()
    const email = await asked(app)
    await put(complaintOf(email))
    await run()
    app.clock.offsetMs += 61_000
    const before = (await messagesTo(email)).length
    const device = await newDevice()
    const answer = await ask(app.auth, email, device)
    expect(answer.status).toBe(202)
    const { handle } = await answer.json<{ handle: string }>()
    app.clock.offsetMs += 61_000
    expect((await postJson(app.auth, '/v1/links/resend', { handle })).status).toBe(202)
    await app.auth.settle()
    expect(await messagesTo(email)).toHaveLength(before)
    expect(linesOf(app.auth as Console, 'link_not_sent').map(({ reason }) => reason)).toEqual([
      'mail_refused',
      'mail_refused',
    ])
  })

  it('still sends an SMS', async () => {
    const { app, put, run } = await startWithQueue()
    const email = newEmail('guests.example')
    const phoneNumber = `+1415555${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`
    await approve(app.auth, email, { phoneNumber })
    await askForLink(app.auth, await newDevice(), email)
    await put(bounceOf(email))
    await run()
    app.clock.offsetMs += 61_000
    await ask(app.auth, email, await newDevice(), { channel: 'sms' })
    await app.auth.settle()
    expect(await messagesTo(phoneNumber)).toHaveLength(1)
  })

  it('ends no session', async () => {
    const { app, put, run } = await startWithQueue()
    const { access_token, user } = await signIn(app.auth, undefined, newEmail())
    await put(bounceOf(user.email))
    await run()
    const answer = await app.auth.fetch('/v1/session', {
      headers: { Authorization: `Bearer ${access_token}` },
    })
    expect(answer.status).toBe(200)
  })

  it.each([
    [
      'a full mailbox',
      (to: string) => bounceOf(to, { bounceType: 'Transient', bounceSubType: 'MailboxFull' }),
    ],
    ['a bounce that SES cannot name', (to: string) => bounceOf(to, { bounceType: 'Undetermined' })],
    [
      'a person who moved it out of the spam folder',
      (to: string) => complaintOf(to, { complaintFeedbackType: 'not-spam' }),
    ],
    ['an email with several recipients', (to: string) => bounceOf([to, 'b@example.org'])],
    [
      'an email that SES rejected',
      (to: string) => ({ ...bounceOf(to), eventType: 'Reject', bounce: undefined }),
    ],
    ['an address that nobody has', () => bounceOf(newEmail('nobody.example'))],
    [
      'the first message of a new event destination',
      () => 'Successfully validated SNS topic for Amazon SES event publishing.',
    ],
  ])('marks nobody for %s, and deletes the message', async (_, eventOf) => {
    const { app, put, run, held } = await startWithQueue()
    const email = await asked(app)
    await put(eventOf(email))
    await run()
    expect((await held()).messages).toEqual([])
    expect(await addressOf(app.auth, email)).not.toHaveProperty('mailRefusedAt')
    expect(await auditOf(app, email)).toEqual([])
  })

  it.each(['OnAccountSuppressionList', 'Suppressed'])(
    'knows the suppression list of SES: %s',
    async (bounceSubType) => {
      const { app, put, run } = await startWithQueue()
      const email = await asked(app)
      await put(bounceOf(email, { bounceSubType }))
      await run()
      expect(await addressOf(app.auth, email)).toMatchObject({ mailRefusedFor: 'suppressed' })
    },
  )

  it('reads an event in the envelope of SNS, and an address in another spelling', async () => {
    const { app, put, run } = await startWithQueue()
    const email = await asked(app)
    const event = bounceOf(email.toUpperCase())
    await put({ Type: 'Notification', Message: JSON.stringify(event) })
    await run()
    expect(await addressOf(app.auth, email)).toMatchObject({ mailRefusedFor: 'bounce' })
  })
})

describe('withstands', () => {
  it('a report that comes twice: one audit row, and the first mark stays', async () => {
    const { app, put, run, held } = await startWithQueue()
    const email = await asked(app)
    await put(bounceOf(email), bounceOf(email), complaintOf(email))
    await run()
    expect((await held()).messages).toEqual([])
    expect(await auditOf(app, email)).toHaveLength(1)
    expect(await addressOf(app.auth, email)).toMatchObject({ mailRefusedFor: 'bounce' })
    expect(linesOf(app, 'mail_refused').map(({ outcome }) => outcome)).toEqual([
      'ok',
      'again',
      'again',
    ])
  })

  it('a lost answer to the deletion: the next run changes nothing and deletes the message', async () => {
    const { app, put, run, held, fail, show } = await startWithQueue()
    const email = await asked(app)
    await put(bounceOf(email))
    await fail('DeleteMessage', 'error')
    await run()
    expect((await held()).messages).toHaveLength(1)
    expect(linesOf(app, 'mail_events_read')).toEqual([
      expect.objectContaining({ outcome: 'failed', error: 'InternalFailure' }),
    ])
    await show()
    await run()
    expect((await held()).messages).toEqual([])
    expect(await auditOf(app, email)).toHaveLength(1)
  })

  it('a DynamoDB that is away: the message stays until the row is written', async () => {
    const { app, put, run, held, show } = await startWithQueue()
    const email = await asked(app)
    await put(bounceOf(email))
    await app.setFaults([{ operation: 'TransactWriteItems', fault: 'error500' }])
    await run()
    expect((await held()).messages).toHaveLength(1)
    expect((await held()).calls.map(({ action }) => action)).not.toContain('DeleteMessage')
    await app.setFaults([])
    await show()
    await run()
    expect((await held()).messages).toEqual([])
    expect(await addressOf(app.auth, email)).toMatchObject({ mailRefusedFor: 'bounce' })
  })

  it.each([
    ['no JSON', 'not json'],
    ['JSON of something else', '{"hello":"world"}'],
    [
      'a bounce without its part',
      JSON.stringify({ ...bounceOf('a@example.org'), bounce: undefined }),
    ],
  ])(
    'a message that it cannot read, %s: it goes on, and leaves the message for the dead-letter queue',
    async (_, body) => {
      const { app, put, run, held, show } = await startWithQueue()
      const email = await asked(app)
      await put(body, bounceOf(email))
      await run()
      expect((await held()).messages.map((message) => message.body)).toEqual([body])
      expect(await addressOf(app.auth, email)).toMatchObject({ mailRefusedFor: 'bounce' })
      expect(linesOf(app, 'mail_event_unreadable')).toHaveLength(1)
      expect(JSON.stringify(app.lines)).not.toContain('hello')
      for (let n = 0; n < 10; n++) {
        await show()
        await run()
      }
      const { messages, dead } = await held()
      expect([messages.length, dead.map((message) => message.body)]).toEqual([0, [body]])
    },
  )

  it('a report about a person who was erased since: nothing of them is stored', async () => {
    const { app, put, run } = await startWithQueue()
    const email = await asked(app)
    const people = await machine(app, 'people')
    await send(app, 'DELETE', personPath(email), people, { reason: 'Ticket 1' })
    await app.settle()
    await put(bounceOf(email))
    await run()
    expect(await addressOf(app.auth, email)).not.toHaveProperty('mailRefusedAt')
    expect(await auditOf(app, email).catch(() => [])).toEqual([])
  })

  it('more messages than one call returns', async () => {
    const { app, put, run, held } = await startWithQueue()
    const email = await asked(app)
    await put(
      ...Array.from({ length: 25 }, () => bounceOf(newEmail('nobody.example'))),
      bounceOf(email),
    )
    await run()
    expect((await held()).messages).toEqual([])
    expect(await addressOf(app.auth, email)).toMatchObject({ mailRefusedFor: 'bounce' })
  })
})

describe('refuses', () => {
  it('to read the queue in the public Worker: its AWS keys may not', async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = {
      AWS_ACCESS_KEY_ID: WORKER_AWS.public.accessKeyId,
      AWS_SECRET_ACCESS_KEY: WORKER_AWS.public.secretAccessKey,
    }
    const { app, put, run, held } = await startWithQueue({
      AWS_ACCESS_KEY_ID,
      AWS_SECRET_ACCESS_KEY,
    })
    await put('x')
    await run()
    expect((await held()).messages).toHaveLength(1)
    expect(linesOf(app, 'mail_events_read')).toEqual([
      expect.objectContaining({ outcome: 'failed', error: 'AccessDeniedException' }),
    ])
  })

  it('to do anything without a queue, or at the time of the digest', async () => {
    const without = await startWithQueue({ MAIL_EVENTS_QUEUE_URL: '' })
    await without.run()
    expect(without.app.lines).toEqual([])
    const { put, run, held } = await startWithQueue()
    await put('x')
    await run('0 6 * * *')
    expect((await held()).calls).toEqual([])
  })
})

describe('an administrator', () => {
  const path = (email: string) => `${personPath(email)}/mail-refusal`

  async function refusedPerson() {
    const started = await startWithQueue()
    const { app, put, run, adminEmail } = started
    const admin = await asBrowser(app, await signIn(app.auth, undefined, adminEmail))
    const email = await asked(app)
    const event = bounceOf(email)
    await put(event)
    await run()
    return { ...started, admin, email, event }
  }

  it('sends emails again, with an audit row; a repeat changes nothing', async () => {
    const { app, admin, email } = await refusedPerson()
    // Events of one second have no order of their own.
    app.clock.offsetMs += 1000
    for (let n = 0; n < 2; n++) {
      const answer = await allowMails(app, admin, email)
      expect(answer.status).toBe(204)
    }
    expect((await auditOf(app, email)).map((event) => 'action' in event && event.action)).toEqual([
      'mail_allowed',
      'mail_refused',
    ])
    app.clock.offsetMs += 61_000
    await ask(app.auth, email, await newDevice())
    await app.auth.settle()
    expect(await messagesTo(email)).toHaveLength(2)
  })

  it('changes nothing when the address has another person by the time of the write', async () => {
    const { app, email } = await refusedPerson()
    const addressId = await addressIdOf(email)
    const part = allowMail(parseConfig(app.auth.env), addressId, 'usr_of_another', realWorld.now())
    const { refused } = await app.auth.db.transact({ address: part })
    expect(refused?.address?.row).toMatchObject({ mailRefusedFor: 'bounce' })
    expect(await addressOf(app.auth, email)).toHaveProperty('mailRefusedAt')
  })

  it('is not undone by a report about an email from before', async () => {
    const { app, admin, email, event, put, run } = await refusedPerson()
    await allowMails(app, admin, email)
    await put(event)
    await run()
    expect(await addressOf(app.auth, email)).not.toHaveProperty('mailRefusedAt')
    const later = new Date(Date.now() + 60_000).toISOString()
    await put({ ...event, mail: { ...event.mail, timestamp: later } })
    await run()
    expect(await addressOf(app.auth, email)).toHaveProperty('mailRefusedAt')
  })

  it('does it on the page of the person, where the reason is asked', async () => {
    const { app, admin, email } = await refusedPerson()
    const person = `/people/${encodeURIComponent(email)}`
    const html = await (await app.fetch(person, { headers: admin })).text()
    expect(html).toContain('The mailbox refused our email')
    expect(html).toContain(`href="${person}/allow-mail"`)
    const form = (reason: string) =>
      app.fetch(`${person}/allow-mail`, {
        method: 'POST',
        headers: { ...admin, 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ reason }),
      })
    expect((await app.fetch(`${person}/allow-mail`, { headers: admin })).status).toBe(200)
    expect((await form('')).status).toBe(400)
    const done = await form('They called')
    expect(done.status).toBe(303)
    expect(done.headers.get('Location')).toBe(`${person}?done=mail_allowed`)
    const after = await (await app.fetch(`${person}?done=mail_allowed`, { headers: admin })).text()
    expect(after).toContain('Emails can be sent to this address again.')
    expect(after).not.toContain('/allow-mail')
    // There is nothing to confirm any more.
    expect((await app.fetch(`${person}/allow-mail`, { headers: admin })).status).toBe(303)
  })

  it('cannot do it for an address that nobody has, or without a reason, or for their own', async () => {
    const { app, admin, adminEmail, email } = await refusedPerson()
    const status = async (to: string, body: object) =>
      (await send(app, 'DELETE', path(to), admin, body)).status
    expect(await status(newEmail('nobody.example'), { reason: 'x' })).toBe(404)
    expect(await status(email, {})).toBe(400)
    expect(await status(adminEmail, { reason: 'x' })).toBe(403)
  })
})
