import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/base/config.ts'
import { unixMs } from '../../src/base/time.ts'
import { realWorld, type World } from '../../src/base/world.ts'
import { addressIdOf } from '../../src/model/address.ts'
import { markMailRefused } from '../../src/model/mail-refusal.ts'
import { approve, withdraw } from '../support/workers/approvals.ts'
import { startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { SES_TAKES_IT, watchSes } from '../support/workers/ses.ts'
import {
  ask,
  newDevice,
  postForm,
  postJson,
  redeem,
  tokenOf,
  type Device,
} from '../support/workers/sign-in.ts'

// T68: what an address is, a caller must not see: not in the answer, and not in what it makes us do.

const CODE_GRANT = 'urn:latchkey:grant-type:code'

const at = (domain: string) => `${crypto.randomUUID()}@${domain}`
/** A company's address, and one that differs from it in one letter. */
const [company, foreign] = [() => at('sigmacomputing.com'), () => at('sigmacomputinh.com')]
const tagged = (email: string) => email.replace('@', '+tag@')

/** A number of the range that is kept for fiction, with a budget of its own. */
const newNumber = () => `+1415555${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`

/** Every kind of address, all equally long, and the number that an SMS for it is asked for with. */
async function kindsOf(app: Latchkey) {
  const kinds = {
    unknown: foreign(),
    approved: foreign(),
    'approved, with a number': foreign(),
    'approved, and signed in': foreign(),
    'approved, but its mailbox refused an email': foreign(),
    lapsed: foreign(),
    withdrawn: foreign(),
    company: company(),
    'company, with a number': company(),
    'company, shut out': company(),
  }
  const numbers = new Map(Object.values(kinds).map((email) => [email, newNumber()]))
  const withNumber = (email: string) => ({ phoneNumber: numbers.get(email)! })
  await approve(app, kinds.approved)
  await approve(app, kinds['approved, with a number'], withNumber(kinds['approved, with a number']))
  await approve(app, kinds['approved, and signed in'])
  await approve(app, kinds['approved, but its mailbox refused an email'])
  await approve(app, kinds.lapsed, { expiresAt: 1000, ...withNumber(kinds.lapsed) })
  await approve(app, kinds.withdrawn, { revokedAt: 1000, ...withNumber(kinds.withdrawn) })
  await approve(app, kinds['company, with a number'], withNumber(kinds['company, with a number']))
  await withdraw(app, kinds['company, shut out'])
  return { kinds, numbers }
}

/** Kinds of addresses with a tag, equally long among themselves. */
async function taggedKindsOf(app: Latchkey) {
  const kinds = {
    unknown: tagged(foreign()),
    approved: tagged(foreign()),
    withdrawn: tagged(foreign()),
    'of a company address': tagged(company()),
    'of a company address, approved': tagged(company()),
  }
  await approve(app, kinds.approved)
  await approve(app, kinds.withdrawn, { revokedAt: 1000 })
  await approve(app, kinds['of a company address, approved'])
  return kinds
}

type Call = { to: string; bytes: number }

/** The budget of a phone number: the first step of sending an SMS. */
const PHONE = 'UpdateItem of a phone number'

const isSending = ({ to }: Call) => to === 'SendEmail' || to === 'SendTextMessage' || to === PHONE

/**
 * A Worker whose outward calls are seen, each with its size. What it leaves for after its answer waits until the
 * answer was looked at, so that nothing of it is counted before.
 */
function startSeen() {
  const calls: Call[] = []
  const clock = { ms: Date.now() }
  let gate = Promise.withResolvers<void>()
  const world: Partial<World> = {
    now: () => unixMs(clock.ms),
    sleep: (ms) => (ms === 0 ? gate.promise : realWorld.sleep(ms)),
    fetch: async (url, init) => {
      const to = new Headers(init.headers).get('X-Amz-Target')?.split('.')[1] ?? 'SendEmail'
      // A number that is registered stands in the link's row; a caller does not see it there.
      const body = (init.body as string).replace(/"phoneNumber":\{"S":"[^"]*"\},/, '')
      const call = { to: body.includes('"phn_') ? PHONE : to, bytes: body.length }
      calls.push(call)
      return isSending(call) && call.to !== PHONE
        ? Response.json({ MessageId: 'x' })
        : realWorld.fetch(url, { ...init, signal: null })
    },
  }
  const app = startLatchkey({ world })

  /** What a caller sees of a request, and what it makes us do up to the sending. */
  async function see(send: () => Promise<Response>) {
    gate = Promise.withResolvers<void>()
    const answer = await send()
    const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id')
    const text = await answer.text()
    // Side by side, so in whatever order.
    const before = calls.splice(0).toSorted((a, b) => a.to.localeCompare(b.to) || a.bytes - b.bytes)
    gate.resolve()
    await app.settle()
    const after = calls.splice(0)
    const sending = after.findIndex(isSending)
    const line = app.lines.findLast((one) => 'method' in one)!
    const { dynamoRoundTrips, dynamoCalls, outcome, reason, event } = line
    return {
      seen: {
        status: answer.status,
        headers,
        bytes: text.length,
        before,
        dynamoRoundTrips,
        dynamoCalls,
        outcome,
        reason,
        event,
      },
      after: sending === -1 ? after : after.slice(0, sending),
      sent: sending === -1 ? [] : after.slice(sending).map(({ to }) => to),
      answer: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    }
  }
  return { app, clock, see }
}

const tryCode = (app: Latchkey, handle: unknown, device: Device, code: string) =>
  postForm(app, '/v1/token', {
    grant_type: CODE_GRANT,
    handle: String(handle),
    code,
    code_verifier: device.codeVerifier,
    device_id: device.deviceId,
  })

/** A guess. It is the right code once in a million links. */
const GUESS = '000000'

type Seen = Awaited<ReturnType<ReturnType<typeof startSeen>['see']>>

/** The whole way of one address, as a caller who does not read its mail can go it. */
async function walk(
  { app, clock, see }: ReturnType<typeof startSeen>,
  email: string,
  more: Record<string, unknown> = {},
): Promise<Record<string, Seen>> {
  const device = await newDevice()
  const seen: Record<string, Seen> = {}
  seen['ask'] = await see(() => ask(app, email, device, more))
  const { handle } = seen['ask'].answer
  seen['ask too early'] = await see(() => ask(app, email, device, more))
  seen['resend too early'] = await see(() => postJson(app, '/v1/links/resend', { handle }))
  clock.ms += 61_000
  seen['resend'] = await see(() => postJson(app, '/v1/links/resend', { handle }))
  // Six times: the sixth is one more than a link allows.
  for (let n = 1; n <= 6; n++) {
    seen[`wrong code ${n}`] = await see(() => tryCode(app, handle, device, GUESS))
  }
  const other = await newDevice()
  seen['code of another device'] = await see(() => tryCode(app, handle, other, GUESS))
  clock.ms += 61_000
  seen['ask again'] = await see(() => ask(app, email, device, more))
  clock.ms -= 122_000
  return seen
}

/** Every step of every kind against the first kind's. */
function expectAlike(walks: Map<string, Record<string, Seen>>) {
  const [[first, model], ...others] = [...walks] as [
    [string, Record<string, Seen>],
    ...[string, Record<string, Seen>][],
  ]
  for (const [kind, steps] of others) {
    for (const [step, { seen, after }] of Object.entries(steps)) {
      const what = `${step}: ${kind} against ${first}`
      expect(seen, what).toEqual(model[step]!.seen)
      // What comes after the answer and is no sending: DynamoDB is asked the same, in the same order.
      const isPhone = (call: Call, index: number) => call.to === 'UpdateItem' && index > 0
      expect(
        after.filter((call, index) => !isPhone(call, index)),
        what,
      ).toEqual(model[step]!.after)
    }
  }
}

/** Opens a session, so that the address has a row that tells of it. */
async function signInOnce(email: string) {
  const ses = watchSes(SES_TAKES_IT)
  const helper = startLatchkey({
    world: { fetch: ses.fetch, now: () => unixMs(Date.now() - 200_000) },
  })
  const device = await newDevice()
  expect((await ask(helper, email, device)).status).toBe(202)
  await helper.settle()
  const linkToken = tokenOf(ses.mails[0]!.Content.Simple.Body.Text.Data)
  expect((await redeem(helper, linkToken, device)).status).toBe(200)
}

/** The mark that the console writes, on a row as an earlier ask left it. */
async function refuseMail(email: string) {
  const app = startLatchkey({
    world: { fetch: watchSes(SES_TAKES_IT).fetch, now: () => unixMs(Date.now() - 200_000) },
  })
  expect((await ask(app, email, await newDevice())).status).toBe(202)
  await app.settle()
  const config = parseConfig(app.env)
  const now = unixMs(Date.now())
  const mark = markMailRefused(config, await addressIdOf(email), 'bounce', now, now)
  expect(await app.db.update(mark)).toMatchObject({ ok: true })
}

/** Ten kinds of address make a dozen requests each, one after the other. */
const LONG_WALK = { timeout: 60_000 }

describe('T68: treats approved, unknown, withdrawn and company addresses the same', () => {
  it(
    'by email: the same responses, after the same DynamoDB calls with the same sizes, until the sending',
    LONG_WALK,
    async () => {
      const seen = startSeen()
      const { kinds } = await kindsOf(startLatchkey())
      await signInOnce(kinds['approved, and signed in'])
      await refuseMail(kinds['approved, but its mailbox refused an email'])
      const walks = new Map<string, Record<string, Seen>>()
      for (const [kind, email] of Object.entries(kinds)) walks.set(kind, await walk(seen, email))
      expectAlike(walks)

      // It is worth something only when each step is what it is called, and only some were mailed.
      const unknown = walks.get('unknown')!
      const statuses = Object.values(unknown).map((step) => step.seen.status)
      expect(statuses).toEqual([202, 429, 429, 202, ...Array<number>(7).fill(400), 202])
      const operations = (step: string) => ({
        before: unknown[step]!.seen.before.map(({ to }) => to),
        after: unknown[step]!.after.map(({ to }) => to),
      })
      expect(operations('ask')).toEqual({
        before: ['GetItem', 'UpdateItem'],
        after: ['TransactWriteItems'],
      })
      expect(operations('resend')).toEqual({
        before: ['GetItem', 'UpdateItem'],
        after: ['GetItem'],
      })
      expect(operations('wrong code 1')).toEqual({
        before: ['UpdateItem', 'UpdateItem'],
        after: [],
      })
      expect(operations('code of another device')).toEqual({ before: [], after: [] })
      const mailed = [...walks].filter(([, steps]) => steps['ask']!.sent.length > 0)
      expect(mailed.map(([kind]) => kind)).toEqual([
        'approved',
        'approved, with a number',
        'approved, and signed in',
        'company',
        'company, with a number',
      ])
      for (const [, steps] of walks) {
        const { ask: asked, resend, 'ask again': again } = steps
        expect(resend!.sent).toEqual(asked!.sent)
        expect(again!.sent).toEqual(asked!.sent)
      }
    },
  )

  it(
    'with a tag, which shares the budget of its mailbox: the same calls, with two parallel writes',
    LONG_WALK,
    async () => {
      const seen = startSeen()
      const walks = new Map<string, Record<string, Seen>>()
      for (const [kind, email] of Object.entries(await taggedKindsOf(startLatchkey()))) {
        walks.set(kind, await walk(seen, email))
      }
      expectAlike(walks)
      const { seen: asked, after } = walks.get('unknown')!['ask']!
      expect(asked.before.map(({ to }) => to)).toEqual(['GetItem', 'UpdateItem', 'UpdateItem'])
      expect(asked.dynamoRoundTrips).toBe(1)
      expect(after.map(({ to }) => to)).toEqual(['TransactWriteItems'])
      const mailed = [...walks].filter(([, steps]) => steps['ask']!.sent.length > 0)
      expect(mailed.map(([kind]) => kind)).toEqual(['approved', 'of a company address, approved'])
    },
  )

  it.each([
    ['that the request names', true],
    ['that only the approval names', false],
  ])('by SMS, to the number %s: the same calls, until the sending', LONG_WALK, async (_, named) => {
    const seen = startSeen()
    const { kinds, numbers } = await kindsOf(startLatchkey())
    const walks = new Map<string, Record<string, Seen>>()
    for (const [kind, email] of Object.entries(kinds)) {
      const more = named ? { phoneNumber: numbers.get(email) } : {}
      walks.set(kind, await walk(seen, email, { channel: 'sms', ...more }))
    }
    expectAlike(walks)
    const sent = [...walks].filter(([, steps]) => steps['ask']!.sent.length > 0)
    expect(sent.map(([kind]) => kind)).toEqual([
      'approved, with a number',
      'company, with a number',
    ])
    for (const [, steps] of sent) expect(steps['ask']!.sent).toEqual([PHONE, 'SendTextMessage'])
  })

  it('in the link row: every ask writes a row of the same shape', async () => {
    const app = startLatchkey({ world: { fetch: watchSes(SES_TAKES_IT).fetch } })
    const { kinds } = await kindsOf(app)
    for (const email of Object.values(kinds)) {
      expect((await ask(app, email, await newDevice())).status).toBe(202)
    }
    await app.settle()
    const calls = (await app.calls()).filter(({ operation }) => operation === 'TransactWriteItems')
    const shapes = calls.map(({ body: { TransactItems } }) =>
      JSON.stringify(TransactItems, (name, value: unknown) =>
        name === 'S' || name === 'N' ? '…' : value,
      ),
    )
    expect(shapes).toHaveLength(Object.keys(kinds).length)
    expect(new Set(shapes).size).toBe(1)
  })
})
