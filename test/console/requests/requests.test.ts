import { describe, expect, it } from 'vitest'
import { LOCALES } from '../../../src/base/locale.ts'
import { TOKENS_TABLE } from '../../../src/base/tables.ts'
import { unixSeconds } from '../../../src/base/time.ts'
import { realWorld } from '../../../src/base/world.ts'
import { dayText } from '../../../src/console/pages/when.ts'
import { grantedWords } from '../../../src/console/requests/granted.ts'
import { REQUESTS_ID } from '../../../src/model/budget.ts'
import { addressIdOf } from '../../../src/model/address.ts'
import { nowSeconds } from '../../support/workers/clock.ts'
import {
  act,
  approvalRow,
  approved,
  auditRows,
  DAY,
  newGuest,
  typeByHand,
} from '../../support/workers/console-approvals.ts'
import { erase, readPerson } from '../../support/workers/console-people.ts'
import {
  askToBeLetIn,
  forgetRequests,
  letIn,
  newNetwork,
  readQueue,
  requestingConsole,
  requestRow,
  turnAway,
} from '../../support/workers/console-requests.ts'
import {
  asBrowser,
  machine,
  send,
  staffedConsole,
  type Console,
} from '../../support/workers/console.ts'
import { watchSes } from '../../support/workers/ses.ts'
import { messagesTo, startLatchkey } from '../../support/workers/latchkey.ts'
import {
  newDevice,
  postForm,
  redeem,
  signIn,
  tokenOf,
  type Device,
  type Tokens,
} from '../../support/workers/sign-in.ts'
import { ALIVE, forgetSends, jsonOf, linesOf, signsOfLife } from '../../support/workers/tokens.ts'

const problemOf = async (answer: Response): Promise<unknown> =>
  (await jsonOf(answer))['type']?.toString().replace('urn:latchkey:problem:', '')

const redeemCode = (app: Console, handle: string, code: string, device: Device) =>
  postForm(app.auth, '/v1/token', {
    grant_type: 'urn:latchkey:grant-type:code',
    handle,
    code,
    code_verifier: device.codeVerifier,
    device_id: device.deviceId,
  })

/** The one message that an address has got. */
async function mailOf(app: Console, email: string) {
  await app.settle()
  const [mail, ...more] = await messagesTo(email)
  expect(more).toEqual([])
  return mail!
}

const MINUTE_MS = 60_000

/** What an asking device sees of the answer, and what DynamoDB was called for. */
async function seenOf(app: Console, email: string) {
  const { promise: answered, resolve: release } = Promise.withResolvers<void>()
  // What comes after the answer waits here, so that it cannot be counted before it.
  const sleep = (ms: number) => (ms === 0 ? answered : realWorld.sleep(ms))
  const auth = startLatchkey({ world: { sleep }, env: { ...ON }, clock: app.clock })
  const answer = await auth.fetch('/v1/links', askInit(email, (await newDevice()).codeChallenge))
  const { handle, ...body } = await answer.json<Record<string, unknown>>()
  const calls = (await auth.calls()).map(({ operation }) => operation)
  const { time: _, requestId: _1, ms: _2, dynamoMs: _3, ...line } = auth.lines[0]!
  release()
  await auth.settle()
  const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id')
  return { status: answer.status, headers, body, calls, line, length: String(handle).length }
}

const ON = { ACCESS_REQUESTS: 'on' }

const askInit = (email: string, codeChallenge: string): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', ...newNetwork() },
  body: JSON.stringify({ email, codeChallenge }),
})

describe('access requests', () => {
  it('are off by default: an unknown address gets a link row and no request', async () => {
    const { app } = await staffedConsole()
    const email = newGuest()
    const answer = await app.auth.fetch(
      '/v1/links',
      askInit(email, (await newDevice()).codeChallenge),
    )
    expect(await answer.json()).not.toHaveProperty('requestExpiresIn')
    await app.auth.settle()
    expect(await requestRow(app, email)).toBeUndefined()
  })

  it('T68: get the same response as every ask, after the same calls and with the same log line', async () => {
    const { app, admin } = await requestingConsole()
    const unknown = `${'u'.repeat(40)}@guests.example`
    const kinds = [unknown, ...['a', 'w', 'd'].map((letter) => unknown.replaceAll('u', letter))]
      // One length each, so that the size of the handle can be compared.
      .map((email) => `${crypto.randomUUID().slice(0, 8)}${email}`)
    await approved(app, admin, kinds[1])
    const { etag } = await approved(app, admin, kinds[2])
    await act(app, admin, 'withdraw', kinds[2]!, etag)
    await askToBeLetIn(app.auth, kinds[3]!)
    await turnAway(app, admin, kinds[3]!)
    await forgetSends(app.auth, kinds[3]!)
    const seen = []
    for (const email of kinds) seen.push(await seenOf(app, email))
    expect(seen[0]).toMatchObject({
      status: 202,
      body: { requestExpiresIn: 14 * DAY },
      calls: expect.arrayContaining(['GetItem', 'UpdateItem']),
    })
    expect(seen[0]!.calls).toHaveLength(2)
    for (const other of seen) {
      expect({ ...other, calls: other.calls.toSorted() }).toEqual({
        ...seen[0],
        calls: seen[0]!.calls.toSorted(),
      })
    }
    const waits = await Promise.all(kinds.map((email) => requestRow(app, email)))
    expect(waits.map((row) => row && (row.decided ?? 'waits'))).toEqual([
      'waits',
      undefined,
      undefined,
      'declined',
    ])
  })

  it('are also made after an approval has expired, and log nothing about the person (T53)', async () => {
    const { app } = await requestingConsole()
    const email = newGuest()
    await typeByHand(app, { email, approvedBy: 'x', expiresAt: nowSeconds(app) - 1 })
    await askToBeLetIn(app.auth, email)
    expect(await requestRow(app, email)).toMatchObject({ asks: 1 })
    expect(linesOf(app.auth, 'access_requested')).toEqual([
      expect.objectContaining({ outcome: 'ok', userId: expect.stringMatching(/^usr_/) }),
    ])
    expect(JSON.stringify(app.auth.lines)).not.toContain(email)
  })

  it('all enter the queue when many addresses ask at once', async () => {
    const { app } = await requestingConsole()
    const emails = Array.from({ length: 12 }, () => newGuest())
    const { codeChallenge } = await newDevice()
    await Promise.all(
      emails.map((email) => app.auth.fetch('/v1/links', askInit(email, codeChallenge))),
    )
    // Once, when all have been answered: what an answer leaves to do is known only then.
    await app.auth.settle()
    const rows = await Promise.all(emails.map((email) => requestRow(app, email)))
    const failed = linesOf(app.auth, 'access_requested').filter(({ outcome }) => outcome !== 'ok')
    expect(failed).toEqual([])
    expect(app.auth.lines.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    expect(rows.map((row) => row?.asks)).toEqual(emails.map(() => 1))
  })

  it('T78: are limited to ten new addresses a day from one network', async () => {
    const { app } = await requestingConsole()
    const network = newNetwork()
    const emails = Array.from({ length: 12 }, () => newGuest())
    for (const email of emails) await askToBeLetIn(app.auth, email, {}, network)
    const rows = await Promise.all(emails.map((email) => requestRow(app, email)))
    expect(rows.map((row) => row !== undefined)).toEqual([
      ...Array<boolean>(10).fill(true),
      false,
      false,
    ])
    // Those who wait already are counted, from wherever they ask.
    await forgetSends(app.auth, emails[0]!)
    await askToBeLetIn(app.auth, emails[0]!, {}, network)
    expect(await requestRow(app, emails[0]!)).toMatchObject({ asks: 2 })
    const elsewhere = newGuest()
    await forgetRequests(app)
    await askToBeLetIn(app.auth, elsewhere)
    expect(await requestRow(app, elsewhere)).toBeDefined()
  })

  it('T78: are limited to fifty an hour in all; after that, an ask costs three more small writes and no row', async () => {
    const { app } = await requestingConsole()
    const now = Date.now() + app.clock.offsetMs
    const takes = Array.from({ length: 50 }, (_, i) => [`takenAt${i + 1}`, now - 1000 * i])
    const Item = { tokenId: REQUESTS_ID, tokenType: 'budget', ...Object.fromEntries(takes) }
    await app.db.transact({ row: { Put: { TableName: TOKENS_TABLE, Item } } })
    const email = newGuest()
    const before = (await app.auth.calls()).length
    await askToBeLetIn(app.auth, email)
    const calls = (await app.auth.calls()).slice(before).map(({ operation }) => operation)
    expect(calls.toSorted()).toEqual(
      // The ask itself: approval, budget, link. Then: does it wait, its network's budget, the budget of all.
      [
        'GetItem',
        'UpdateItem',
        'TransactWriteItems',
        ...Array<string>(3).fill('UpdateItem'),
      ].toSorted(),
    )
    expect(await requestRow(app, email)).toBeUndefined()
    expect(linesOf(app.auth, 'access_requested').at(-1)).toMatchObject({
      outcome: 'refused',
      reason: 'over_budget',
    })
    app.auth.clock.offsetMs += 3_600_000
    await askToBeLetIn(app.auth, email)
    expect(await requestRow(app, email)).toBeDefined()
    await forgetRequests(app)
  })
})

describe('works', () => {
  it.each(LOCALES)('has words of its own in %s for the email that access was granted', (locale) => {
    const words = (end: number | null) =>
      grantedWords('Acme', locale, end === null ? null : unixSeconds(end))
    const [open, limited] = [words(null), words(1_795_000_000)]
    expect(limited.lead).toContain('2026')
    expect(open.lead).not.toMatch(/\d/)
    for (const { subject, lead, later } of [open, limited]) {
      for (const said of [subject, lead, later]) {
        expect(said).toContain('Acme')
        expect(said).not.toMatch(/undefined|null|\[object/)
      }
    }
    expect(new Set(LOCALES.map((other) => grantedWords('A', other, null).later)).size).toBe(5)
  })

  it('says of a request that its address was approved in another way', async () => {
    const { app, admin } = await requestingConsole()
    const email = newGuest()
    await askToBeLetIn(app.auth, email)
    await approved(app, await machine(app, 'writer'), email)
    const { requests } = await readQueue(app, admin, '?limit=200')
    expect(requests.find((request) => request.email === email)).toMatchObject({ approved: true })
    const person = await readPerson(app, admin, email)
    expect(person.person.request).toMatchObject({ approved: true })
    const answer = await letIn(app, admin, email)
    expect(await jsonOf(answer)).toMatchObject({ linkSent: true })
  })

  it('shows who asked from where, approves, and the waiting phone signs in by link', async () => {
    const { app, approver, approverEmail } = await requestingConsole()
    const email = newGuest()
    const { device } = await askToBeLetIn(
      app.auth,
      email,
      { deviceName: 'Ada’s iPhone', locale: 'de' },
      { 'CF-Connecting-IP': '192.0.2.77', 'User-Agent': 'App/1.0' },
    )
    expect(await messagesTo(email)).toEqual([])
    const { requests } = await readQueue(app, approver, '?limit=200')
    expect(requests.filter((request) => request.email === email)).toEqual([
      {
        email,
        approved: false,
        firstAskedAt: expect.closeTo(nowSeconds(app), -1),
        askedAt: expect.closeTo(nowSeconds(app), -1),
        expiresAt: expect.closeTo(nowSeconds(app) + 14 * DAY, -1),
        asks: 1,
        channel: 'email',
        deviceName: 'Ada’s iPhone',
        ipAddress: '192.0.2.77',
        userAgent: 'App/1.0',
      },
    ])
    const answer = await letIn(app, approver, email, { days: 30, company: 'Acme' })
    expect(answer.status, await answer.clone().text()).toBe(200)
    expect(await jsonOf(answer)).toMatchObject({
      approval: {
        email,
        state: 'active',
        company: 'Acme',
        reason: 'Enterprise trial',
        approvedBy: approverEmail,
        expiresAt: expect.closeTo(nowSeconds(app) + 30 * DAY, -1),
      },
      linkSent: true,
    })
    const mail = await mailOf(app, email)
    // Its own language and the public Worker’s page.
    expect(mail.link).toMatch(/^https:\/\/auth\.latchkey\.test\/link\/tok_ml_/)
    expect(mail.html).toContain('lang="de"')
    // She may have asked days ago: what happened, until when, and what to do when the link is too old.
    const until = dayText(unixSeconds(nowSeconds(app) + 30 * DAY), 'de')
    const granted = grantedWords('Latchkey', 'de', unixSeconds(nowSeconds(app) + 30 * DAY))
    expect(mail.subject).toBe('Sie können sich jetzt bei Latchkey anmelden')
    expect(granted.lead).toContain(until)
    for (const said of [granted.lead, granted.later]) {
      expect(mail.text).toContain(said)
      expect(mail.html).toContain(said)
    }
    const redeemed = await redeem(app.auth, tokenOf(mail.link), device)
    expect(redeemed.status).toBe(200)
    expect(await signsOfLife(app.auth, await redeemed.json<Tokens>())).toEqual(ALIVE)
    // Out of the queue, with one audit row and one event.
    const after = await readQueue(app, approver, '?limit=200')
    expect(after.requests.map((request) => request.email)).not.toContain(email)
    expect(await auditRows(app, email)).toEqual([
      expect.objectContaining({ action: 'request_approved', by: approverEmail, before: null }),
    ])
    expect(linesOf(app, 'request_approved')).toHaveLength(1)
    expect(linesOf(app, 'link_sent')).toHaveLength(1)
    expect(JSON.stringify(app.lines)).not.toContain(email)
  })

  it('sends the original link while it is young, so that its handle accepts the code', async () => {
    const { app, admin } = await requestingConsole()
    const email = newGuest()
    const { device, handle } = await askToBeLetIn(app.auth, email)
    await letIn(app, admin, email)
    const { code } = await mailOf(app, email)
    expect((await redeemCode(app, handle, code, device)).status).toBe(200)
  })

  it.each([11, 31, 5 * 24 * 60])(
    'sends a new link after %d minutes, and the old handle leads to it',
    async (minutes) => {
      const { app } = await requestingConsole()
      const email = newGuest()
      const { device, handle } = await askToBeLetIn(app.auth, email)
      app.clock.offsetMs += minutes * MINUTE_MS
      if (minutes > 2 * 24 * 60) {
        // TTL has deleted the address row: nobody has ever signed in with the address.
        const Key = { tokenId: await addressIdOf(email) }
        await app.db.transact({ row: { Delete: { TableName: TOKENS_TABLE, Key } } })
      }
      // Before the decision, the handle opens nothing.
      expect((await redeemCode(app, handle, '000000', device)).status).toBe(400)
      await letIn(app, await machine(app, 'writer'), email)
      const { code, link } = await mailOf(app, email)
      const byCode = await redeemCode(app, handle, code, device)
      expect(byCode.status, await byCode.clone().text()).toBe(200)
      // The link and its code open one session between them.
      const byLink = await redeem(app.auth, tokenOf(link), device)
      const [one, two] = [await byCode.json<Tokens>(), await byLink.json<Tokens>()]
      expect(two.session_id).toBe(one.session_id)
      expect(await signsOfLife(app.auth, one)).toMatchObject({ check: 200 })
    },
  )

  it('T77: sends a new link for the device that asked last, and for no other', async () => {
    const { app, admin } = await requestingConsole()
    const email = newGuest()
    const first = await askToBeLetIn(app.auth, email)
    await forgetSends(app.auth, email)
    const second = await askToBeLetIn(app.auth, email)
    expect(await requestRow(app, email)).toMatchObject({ asks: 2 })
    await letIn(app, admin, email)
    const { link, code } = await mailOf(app, email)
    expect((await redeem(app.auth, tokenOf(link), first.device)).status).toBe(400)
    expect((await redeemCode(app, first.handle, code, first.device)).status).toBe(400)
    expect((await redeem(app.auth, tokenOf(link), second.device)).status).toBe(200)
  })

  it('T77: sends an email even if an SMS was requested, because the link proves the mailbox', async () => {
    const { app, admin } = await requestingConsole()
    const email = newGuest()
    const { device } = await askToBeLetIn(app.auth, email, { channel: 'sms' })
    await letIn(app, admin, email)
    const mail = await mailOf(app, email)
    expect(mail.channel).toBe('email')
    expect((await redeem(app.auth, tokenOf(mail.link), device)).status).toBe(200)
  })

  it('approves without an end, and until a given day', async () => {
    const { app, admin } = await requestingConsole()
    const ends = [null, nowSeconds(app) + 7 * DAY]
    for (const expiresAt of ends) {
      const email = newGuest()
      await askToBeLetIn(app.auth, email)
      const answer = await letIn(app, admin, email, { days: undefined, expiresAt })
      expect(answer.status, await answer.clone().text()).toBe(200)
      expect(await approvalRow(app, email)).toMatchObject({ expiresAt })
    }
  })

  it('gives a repeated request the same response, and sends nothing twice', async () => {
    const { app, admin } = await requestingConsole()
    const email = newGuest()
    await askToBeLetIn(app.auth, email)
    await app.setFaults([{ operation: 'TransactWriteItems', fault: 'lost', times: 1 }])
    const answers = [await letIn(app, admin, email)]
    await app.settle()
    answers.push(await letIn(app, admin, email))
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(await jsonOf(answers[1]!)).toMatchObject({ linkSent: false, approval: { email } })
    await mailOf(app, email)
    expect(await auditRows(app, email)).toHaveLength(1)
  })

  it('sends one link when the same request arrives many times at once', async () => {
    const { app, admin } = await requestingConsole()
    const email = newGuest()
    await askToBeLetIn(app.auth, email)
    await Promise.all(Array.from({ length: 8 }, () => letIn(app, admin, email)))
    await letIn(app, admin, email)
    await mailOf(app, email)
  })

  it.each([0, 11 * MINUTE_MS])(
    'T43: sends the link of an ask %d ms ago when the request is repeated, if nobody heard of the decision',
    async (ageMs) => {
      const { app, admin } = await requestingConsole()
      const email = newGuest()
      const { device } = await askToBeLetIn(app.auth, email)
      app.clock.offsetMs += ageMs
      await app.setFaults([{ operation: 'TransactWriteItems', fault: 'lost' }])
      expect((await letIn(app, admin, email)).status).toBe(503)
      await app.setFaults([])
      expect(await requestRow(app, email)).toMatchObject({ decided: 'approved' })
      expect(await messagesTo(email)).toEqual([])
      const again = await letIn(app, admin, email)
      expect(await jsonOf(again)).toMatchObject({ linkSent: true, approval: { email } })
      const { link } = await mailOf(app, email)
      expect(await jsonOf(await letIn(app, admin, email))).toMatchObject({ linkSent: false })
      await mailOf(app, email)
      expect(await auditRows(app, email)).toHaveLength(1)
      expect((await redeem(app.auth, tokenOf(link), device)).status).toBe(200)
    },
  )

  it('sends the link when the request is repeated, if SES did not accept the message', async () => {
    const down = () => Response.json({}, { status: 400, headers: { 'x-amzn-errortype': 'Paused' } })
    let isDown = true
    const ses = watchSes(() => (isDown ? down() : undefined))
    const { app, admin } = await staffedConsole({
      shared: { ACCESS_REQUESTS: 'on' },
      world: { fetch: ses.fetch },
    })
    await forgetRequests(app)
    const email = newGuest()
    await askToBeLetIn(app.auth, email)
    expect((await letIn(app, admin, email)).status).toBe(200)
    await app.settle()
    expect(linesOf(app, 'link_not_sent')).toMatchObject([{ outcome: 'failed' }])
    isDown = false
    expect(await jsonOf(await letIn(app, admin, email))).toMatchObject({ linkSent: true })
    await mailOf(app, email)
  })

  it('sends the link even if the address was approved by hand in the meantime', async () => {
    const { app, admin } = await requestingConsole()
    const email = newGuest()
    const { device } = await askToBeLetIn(app.auth, email)
    await approved(app, admin, email, { reason: 'By hand' })
    expect(await jsonOf(await letIn(app, admin, email))).toMatchObject({
      approval: { reason: 'By hand' },
      linkSent: true,
    })
    const { link } = await mailOf(app, email)
    expect((await redeem(app.auth, tokenOf(link), device)).status).toBe(200)
  })

  it('declines: sends nothing, and another ask does not return the address to the queue', async () => {
    const { app, approver, approverEmail } = await requestingConsole()
    const email = newGuest()
    await askToBeLetIn(app.auth, email)
    expect((await turnAway(app, approver, email)).status).toBe(200)
    expect((await turnAway(app, approver, email)).status).toBe(200)
    await forgetSends(app.auth, email)
    await askToBeLetIn(app.auth, email)
    const { requests } = await readQueue(app, approver, '?limit=200')
    expect(requests.map((request) => request.email)).not.toContain(email)
    expect(linesOf(app.auth, 'access_requested').at(-1)).toMatchObject({ reason: 'declined' })
    expect(await messagesTo(email)).toEqual([])
    expect(await auditRows(app, email)).toEqual([
      expect.objectContaining({
        action: 'request_declined',
        by: approverEmail,
        reason: 'Nobody knows them',
      }),
    ])
    expect(linesOf(app, 'request_declined')).toHaveLength(1)
    // Two weeks later the address may ask anew.
    await app.db.update({
      Update: {
        TableName: TOKENS_TABLE,
        Key: { tokenId: (await requestRow(app, email))!.tokenId },
        UpdateExpression: 'SET expiresAt = :now',
        ExpressionAttributeValues: { ':now': nowSeconds(app) },
      },
    })
    await forgetSends(app.auth, email)
    await askToBeLetIn(app.auth, email)
    expect(await requestRow(app, email)).toMatchObject({ asks: 1 })
    expect((await requestRow(app, email))?.decided).toBeUndefined()
  })

  it('takes one round trip to list and two to decide', async () => {
    const { app, admin } = await requestingConsole()
    const email = newGuest()
    await askToBeLetIn(app.auth, email)
    await readQueue(app, admin)
    expect(app.lines.at(-1)).toMatchObject({ dynamoRoundTrips: 1 })
    await letIn(app, admin, email)
    expect(linesOf(app, 'request_approved')[0]).toMatchObject({ dynamoRoundTrips: 2 })
  })

  it('pages through the queue, oldest first, while requests arrive and are decided', async () => {
    const { app, admin } = await requestingConsole()
    const emails: string[] = []
    for (let i = 0; i < 5; i++) {
      const email = newGuest()
      emails.push(email)
      await askToBeLetIn(app.auth, email)
      app.clock.offsetMs += 1000
    }
    const seen: string[] = []
    let query = '?limit=2'
    for (;;) {
      const page = await readQueue(app, admin, query)
      seen.push(...page.requests.map(({ email }) => email))
      if (page.nextCursor === undefined) break
      query = `?limit=2&cursor=${page.nextCursor}`
      if (seen.includes(emails[0]!)) await turnAway(app, admin, emails[0]!)
    }
    expect(seen.filter((email) => emails.includes(email))).toEqual(emails)
  })

  it('shows the request on the person’s page, and erases it with the person', async () => {
    const { app, admin } = await requestingConsole()
    const email = newGuest()
    await askToBeLetIn(app.auth, email)
    const { person, events } = await readPerson(app, admin, email)
    expect(person.request).toMatchObject({ email, asks: 1 })
    expect(events.map(({ kind }) => kind)).toEqual(['requested', 'asked'])
    expect((await erase(app, admin, email)).status).toBe(202)
    await app.settle()
    expect(await requestRow(app, email)).toBeUndefined()
    expect((await letIn(app, admin, email)).status).toBe(404)
  })
})

describe('refuses', () => {
  it('T73: an approver over their limit, and an end that is in the past', async () => {
    const { app, approver } = await requestingConsole()
    const email = newGuest()
    await askToBeLetIn(app.auth, email)
    expect((await letIn(app, approver, email, { days: 91 })).status).toBe(403)
    const endless = { days: undefined, expiresAt: null }
    expect((await letIn(app, approver, email, endless)).status).toBe(403)
    const past = { days: undefined, expiresAt: nowSeconds(app) - 1 }
    expect((await letIn(app, approver, email, past)).status).toBe(400)
    expect(await approvalRow(app, email)).toBeUndefined()
    await app.settle()
    expect(await messagesTo(email)).toEqual([])
  })

  it('T30: both or neither of days and expiresAt, no reason, and members that are not known', async () => {
    const { app, admin } = await requestingConsole()
    const email = newGuest()
    await askToBeLetIn(app.auth, email)
    const bodies = [
      { days: undefined },
      { days: 3, expiresAt: null },
      { days: 0 },
      { days: 1.5 },
      { days: 10_000 },
      { reason: undefined },
      { approvedBy: 'boss@sigmacomputing.com' },
      { email },
    ]
    for (const body of bodies) {
      expect((await letIn(app, admin, email, body)).status, JSON.stringify(body)).toBe(400)
    }
    for (const body of [{}, { reason: '' }, { reason: 'x', by: 'y' }]) {
      expect((await turnAway(app, admin, email, body)).status).toBe(400)
    }
  })

  it('an address without a waiting request, and the second of two decisions', async () => {
    const { app, admin, approver } = await requestingConsole()
    expect((await letIn(app, admin, newGuest())).status).toBe(404)
    expect((await turnAway(app, admin, newGuest())).status).toBe(404)
    const email = newGuest()
    await askToBeLetIn(app.auth, email)
    const answers = await Promise.all([letIn(app, admin, email), turnAway(app, approver, email)])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    const lost = answers.find(({ status }) => status === 409)!
    expect(await problemOf(lost)).toBe('already_decided')
    expect(await auditRows(app, email)).toHaveLength(1)
  })

  it('a request that has expired, whether or not TTL has deleted it', async () => {
    const { app } = await requestingConsole()
    const email = newGuest()
    await askToBeLetIn(app.auth, email)
    app.clock.offsetMs += 14 * DAY * 1000 + 1000
    const writer = await machine(app, 'writer')
    expect((await letIn(app, writer, email)).status).toBe(404)
    const { requests } = await readQueue(app, await machine(app, 'reader'), '?limit=200')
    expect(requests.map((request) => request.email)).not.toContain(email)
  })

  it('T32: a caller without a role, and a cursor of another person’s list', async () => {
    const { app, admin, approver } = await requestingConsole()
    const user = await asBrowser(app, await signIn(app.auth))
    expect((await send(app, 'GET', '/v1/requests', user)).status).toBe(403)
    expect((await letIn(app, await machine(app, 'reader'), newGuest())).status).toBe(403)
    await askToBeLetIn(app.auth, newGuest())
    await askToBeLetIn(app.auth, newGuest())
    const { nextCursor } = await readQueue(app, admin, '?limit=1')
    const path = `/v1/requests?cursor=${nextCursor}`
    expect((await send(app, 'GET', path, approver)).status).toBe(400)
  })
})
