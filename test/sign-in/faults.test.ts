import { exports } from 'cloudflare:workers'
import { describe, expect, inject, it } from 'vitest'
import { TOKENS_TABLE } from '../../src/base/tables.ts'
import { realWorld, type World } from '../../src/base/world.ts'
import {
  startLatchkey,
  messagesTo,
  newEmail,
  type Call,
  type Fault,
  type Latchkey,
} from '../support/workers/latchkey.ts'
import { addressOf, linksOf, sessionsOf } from '../support/workers/rows.ts'
import {
  ask,
  askForLink,
  LINK_GRANT,
  newDevice,
  redeem,
  signIn,
  tokenOf,
  type Device,
  type Tokens,
} from '../support/workers/sign-in.ts'
import { check, jsonOf, lastLine, refreshed } from '../support/workers/tokens.ts'

/** Those that strike fast: nothing was written, or all was. */
const FAULTS = ['throttle', 'conflict', 'error500', 'reset', 'lost', 'cut', 'garbled'] as const
/** What DynamoDB takes to an end of its own, even when the Worker has stopped waiting. */
const SLOW = 15_000

/** The calls of one operation since the last time. */
async function newCalls(app: Latchkey, operation: string, since: number): Promise<Call[]> {
  return (await app.calls()).slice(since).filter((call) => call.operation === operation)
}

/** 503 is said in time for the app to try again, says when, and is in the log as a failure. */
async function expectUnavailable(
  app: Latchkey,
  route: string,
  send: () => Promise<Response>,
): Promise<void> {
  const startedAt = performance.now()
  const answer = await send()
  expect(answer.status).toBe(503)
  expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0)
  expect(performance.now() - startedAt).toBeLessThan(SLOW)
  expect(lastLine(app, route)).toMatchObject({
    status: 503,
    outcome: 'failed',
    error: expect.stringMatching(/^Dynamo(?:Unavailable|Error)/),
  })
}

/** The phone tries again and again until it is told. */
async function redeemUntilTold(app: Latchkey, linkToken: string, phone: Device): Promise<Tokens> {
  for (;;) {
    const answer = await redeem(app, linkToken, phone)
    if (answer.status === 200) return jsonOf<Tokens>(answer)
    expect(answer.status, await answer.clone().text()).toBe(503)
  }
}

/** I1 and I3: one session, the one that was acknowledged, and it lives. */
async function expectOneLiveSession(app: Latchkey, email: string, tokens: Tokens): Promise<void> {
  const sessions = await sessionsOf(app, email)
  expect(sessions.map((session) => session.tokenId)).toEqual([tokens.session_id])
  expect((await check(app, tokens.access_token)).status).toBe(200)
  expect((await refreshed(app, tokens.refresh_token)).session_id).toBe(tokens.session_id)
}

describe('works', () => {
  it(
    'T42: signs in 40 people while 30% of the calls are throttled',
    { timeout: 4 * SLOW },
    async () => {
      const app = startLatchkey()
      await app.setFaults([{ fault: 'throttle', probability: 0.3 }])
      for (let group = 0; group < 4; group++) {
        const people = await Promise.all(
          Array.from({ length: 10 }, async () => ({ email: newEmail(), phone: await newDevice() })),
        )
        const asked = await Promise.all(people.map(({ email, phone }) => ask(app, email, phone)))
        expect(asked.map((answer) => answer.status)).toEqual(people.map(() => 202))
        await app.settle()
        const redeemed = await Promise.all(
          people.map(async ({ email, phone }) => {
            const [mail] = await messagesTo(email)
            return (await redeem(app, tokenOf(mail!.link), phone)).status
          }),
        )
        expect(redeemed).toEqual(people.map(() => 200))
      }
      expect((await app.calls()).filter((call) => call.fault).length).toBeGreaterThan(20)
    },
  )

  it(
    'T47: with a clock an hour slow or fast: one more call for each service, only once',
    { timeout: 2 * SLOW },
    async () => {
      for (const hours of [1, -1]) {
        const app = startLatchkey()
        app.clock.offsetMs = hours * 3_600_000
        // Two calls side by side: the second to be refused finds the clock already set.
        const [email, phone] = [newEmail(), await newDevice()]
        expect((await ask(app, email, phone)).status).toBe(202)
        expect(await app.calls()).toHaveLength(4)
        await app.settle()
        const [mail] = await messagesTo(email)
        const since = (await app.calls()).length
        const answer = await redeem(app, tokenOf(mail!.link), phone)
        expect(answer.status).toBe(200)
        expect(await newCalls(app, 'TransactWriteItems', since)).toHaveLength(1)
        await expectOneLiveSession(app, email, await jsonOf<Tokens>(answer))
      }
    },
  )
})

describe('refuses', () => {
  it('T45: to retry after a failed condition: one call', async () => {
    const app = startLatchkey()
    const { linkToken, device } = await signIn(app)
    await app.settle()
    const since = (await app.calls()).length
    const answer = await redeem(app, linkToken, { ...device, deviceId: 'dev_another_1' })
    expect(answer.status).toBe(400)
    expect(await newCalls(app, 'TransactWriteItems', since)).toHaveLength(1)

    const [email, phone] = [newEmail(), await newDevice()]
    expect((await ask(app, email, phone)).status).toBe(202)
    await app.settle()
    const before = (await app.calls()).length
    expect((await ask(app, email, phone)).status).toBe(429)
    expect(await newCalls(app, 'UpdateItem', before)).toHaveLength(1)
  })

  it('T45: to treat a conflict as a result: the next response counts', async () => {
    const app = startLatchkey()
    const phone = await newDevice()
    const { linkToken, email } = await askForLink(app, phone)
    await app.setFaults([{ operation: 'TransactWriteItems', fault: 'conflict', times: 3 }])
    const stranger = await newDevice()
    expect((await redeem(app, linkToken, stranger)).status).toBe(400)
    expect((await redeem(app, linkToken, phone)).status).toBe(200)
    expect(await sessionsOf(app, email)).toHaveLength(1)
  })

  it('T46: a ClientRequestToken that DynamoDB knows with other content: 503, and no session', async () => {
    const stale = crypto.randomUUID()
    const app = startLatchkey()
    const phone = await newDevice()
    const asked = await askForLink(app, phone)
    const other = { ConditionCheck: absent('tok_ml_that_is_nowhere') }
    expect(await app.db.transact({ other }, stale)).toEqual({})
    const replaying = startLatchkey({
      env: { DYNAMODB_ENDPOINT: inject('dynamodbEndpoint') },
      world: { fetch: (url, init) => withRequestToken(url, init, stale) },
    })
    await expectUnavailable(replaying, '/v1/token', () => redeem(replaying, asked.linkToken, phone))
    expect(await sessionsOf(app, asked.email)).toEqual([])
    expect((await redeem(app, asked.linkToken, phone)).status).toBe(200)
  })

  it('T47: a wrong clock if no response has the right time: 503 at once', async () => {
    const app = startLatchkey({
      world: {
        fetch: async (url, init) => {
          const answer = await fetch(url, init)
          const headers = new Headers(answer.headers)
          headers.delete('Date')
          return new Response(answer.body, { status: answer.status, headers })
        },
      },
    })
    const phone = await newDevice()
    const { linkToken, email } = await askForLink(app, phone)
    const since = (await app.calls()).length
    await app.setFaults([{ fault: 'skew', delayMs: 3_600_000 }])
    await expectUnavailable(app, '/v1/token', () => redeem(app, linkToken, phone))
    expect(await newCalls(app, 'TransactWriteItems', since)).toHaveLength(1)
    expect(await sessionsOf(app, email)).toEqual([])
  })

  it('a Worker with a wrong secret key: 503 after one call, and nothing is written', async () => {
    const app = startLatchkey({ env: { AWS_SECRET_ACCESS_KEY: 'not-the-secret-of-this-table' } })
    const [email, phone] = [newEmail(), await newDevice()]
    await expectUnavailable(app, '/v1/links', () => ask(app, email, phone))
    // The first refusal is the answer: the call beside it may not even have left.
    const operations = (await app.calls()).map((call) => call.operation)
    expect(new Set(operations).size).toBe(operations.length)
    expect(operations).toContain('GetItem')
    expect(await addressOf(app, email)).toBeUndefined()

    const good = startLatchkey()
    const asked = await askForLink(good, phone)
    await expectUnavailable(app, '/v1/token', () => redeem(app, asked.linkToken, phone))
    expect(await sessionsOf(app, asked.email)).toEqual([])
    expect((await redeem(good, asked.linkToken, phone)).status).toBe(200)
  })
})

describe('withstands', () => {
  it('T42: keys that DynamoDB leaves unread: they are read again, with pauses', async () => {
    let batches = 0
    const app = startLatchkey({
      world: {
        fetch: async (url, init) => {
          const target = new Headers(init.headers).get('X-Amz-Target')
          if (!target?.endsWith('BatchGetItem') || ++batches % 4 === 0) return fetch(url, init)
          const { RequestItems } = JSON.parse(init.body as string) as { RequestItems: object }
          return Response.json({ Responses: {}, UnprocessedKeys: RequestItems })
        },
      },
    })
    const { access_token, session_id, linkToken, device } = await signIn(app)
    const again = await jsonOf<Tokens>(await redeem(app, linkToken, device))
    expect(again.session_id).toBe(session_id)
    expect((await check(app, access_token)).status).toBe(200)
    expect(batches).toBe(8)
  })

  it('a failure after the transaction: it is logged as failed, and the phone gets its session later', async () => {
    const [app, phone] = [startLatchkey(), await newDevice()]
    const asked = await askForLink(app, phone)
    // Sixteen random bytes are wanted for the access token's id alone.
    const broken = startLatchkey({
      world: {
        randomBytes: (length) => {
          if (length === 16) throw new RangeError('no entropy')
          return realWorld.randomBytes(length)
        },
      },
    })
    expect((await redeem(broken, asked.linkToken, phone)).status).toBe(500)
    expect(lastLine(broken, '/v1/token')).toMatchObject({
      event: 'link_redeemed',
      outcome: 'failed',
      error: 'RangeError',
    })
    const tokens = await redeemUntilTold(app, asked.linkToken, phone)
    await expectOneLiveSession(app, asked.email, tokens)
  })

  it(
    'T43, T44: phones that retry through all faults at once: one session per link, and no confirmed session is lost',
    { timeout: 6 * SLOW },
    async () => {
      const app = startLatchkey()
      const people: { phone: Device; linkToken: string; email: string }[] = []
      while (people.length < 6) {
        const phone = await newDevice()
        people.push({ phone, ...(await askForLink(app, phone)) })
      }
      const storm: Fault[] = FAULTS.map((fault) => ({
        operation: 'TransactWriteItems',
        fault,
        probability: 0.1,
      }))
      await app.setFaults(storm)
      const told = await Promise.all(
        people.flatMap(({ phone, linkToken, email }) =>
          [1, 2, 3].map(async () => ({
            email,
            tokens: await redeemUntilTold(app, linkToken, phone),
          })),
        ),
      )
      await app.setFaults([])
      for (const { email } of people) {
        const acknowledged = told
          .filter((entry) => entry.email === email)
          .map(({ tokens }) => tokens)
        expect(new Set(acknowledged.map((tokens) => tokens.session_id)).size).toBe(1)
        await expectOneLiveSession(app, email, acknowledged[0]!)
      }
    },
  )

  it(
    'T49: a Worker that dies at any wait of a redemption: the phone retries and gets one session',
    { timeout: 4 * SLOW },
    async () => {
      const outcomes: string[] = []
      for (let wait = 1; outcomes.at(-1) !== 'lives'; wait++) {
        const phone = await newDevice()
        const sound = startLatchkey()
        const asked = await askForLink(sound, phone)
        const { world, ended, bury } = mortalWorld(wait)
        const mortal = startLatchkey({ world })
        const answer = await Promise.race([redeem(mortal, asked.linkToken, phone), ended])
        const acknowledged = answer && (await jsonOf<Tokens>(answer)).session_id
        outcomes.push(
          await Promise.race([mortal.settle().then(() => 'lives'), ended.then(() => 'ended')]),
        )

        const [link] = await linksOf(sound, asked.email)
        expect(await sessionsOf(sound, asked.email)).toHaveLength(link!.used ? 1 : 0)
        const tokens = await redeemUntilTold(sound, asked.linkToken, phone)
        if (acknowledged !== undefined) expect(tokens.session_id).toBe(acknowledged)
        await expectOneLiveSession(sound, asked.email, tokens)
        bury()
        await mortal.settle()
      }
      // Before and after the transaction: nothing follows the answer.
      expect(outcomes).toEqual(['ended', 'ended', 'lives'])
    },
  )

  it(
    'T49: a Worker that dies at any wait of an ask: a later ask sends a link that works',
    { timeout: 4 * SLOW },
    async () => {
      const outcomes: string[] = []
      for (let wait = 1; outcomes.at(-1) !== 'lives'; wait++) {
        const [phone, email] = [await newDevice(), newEmail()]
        const { world, ended, bury } = mortalWorld(wait)
        const mortal = startLatchkey({ world })
        await Promise.race([ask(mortal, email, phone), ended])
        outcomes.push(
          await Promise.race([mortal.settle().then(() => 'lives'), ended.then(() => 'ended')]),
        )

        const sound = startLatchkey()
        expect((await messagesTo(email)).length).toBeLessThanOrEqual(
          (await linksOf(sound, email)).length,
        )
        sound.clock.offsetMs += 61_000
        const asked = await askForLink(sound, phone, email)
        await expectOneLiveSession(
          sound,
          email,
          await redeemUntilTold(sound, asked.linkToken, phone),
        )
        bury()
      }
      expect(outcomes.length).toBeGreaterThan(6)
    },
  )

  it(
    'T49: a caller that disconnects at any time: the phone retries and gets one session',
    { timeout: 2 * SLOW },
    async () => {
      const app = startLatchkey()
      for (let afterMs = 0; afterMs <= 24; afterMs += 3) {
        const phone = await newDevice()
        const asked = await askForLink(app, phone)
        const form = {
          grant_type: LINK_GRANT,
          link_token: asked.linkToken,
          code_verifier: phone.codeVerifier,
          device_id: phone.deviceId,
        }
        // Through the runtime, whose Worker it ends as it would for a real caller.
        const { default: worker } = exports as unknown as { default: Fetcher }
        const hungUp = worker
          .fetch('https://auth.latchkey.test/v1/token', {
            method: 'POST',
            headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
            body: new URLSearchParams(form).toString(),
            signal: AbortSignal.timeout(afterMs),
          })
          .then((answer) => jsonOf<Tokens>(answer))
          .catch(() => null)
        const heard = await hungUp
        const tokens = await redeemUntilTold(app, asked.linkToken, phone)
        if (heard !== null) expect(tokens.session_id).toBe(heard.session_id)
        await expectOneLiveSession(app, asked.email, tokens)
      }
    },
  )
})

/** A world that stands still at its n-th wait: before a request leaves, after it is answered, or asleep. */
function mortalWorld(endAt: number) {
  const { promise: ended, resolve: end } = Promise.withResolvers<undefined>()
  const { promise: buried, resolve: bury } = Promise.withResolvers<void>()
  let waits = 0
  const pass = async (): Promise<void> => {
    if (++waits < endAt) return
    end(undefined)
    // The test runner waits for every promise: it is let go when all has been looked at.
    await buried
    throw new Error('this Worker has ended')
  }
  const world: Partial<World> = {
    fetch: async (url, init) => {
      await pass()
      const answer = await fetch(url, init)
      await pass()
      return answer
    },
    sleep: async (ms) => {
      await pass()
      await scheduler.wait(ms)
    },
  }
  return { world, ended, bury }
}

const absent = (tokenId: string) => ({
  TableName: TOKENS_TABLE,
  Key: { tokenId },
  ConditionExpression: 'attribute_not_exists(tokenId)',
})

/** The same request, for a transaction that DynamoDB has seen already. */
function withRequestToken(url: string, init: RequestInit, token: string): Promise<Response> {
  const named = `"ClientRequestToken":"${token}"`
  return fetch(url, {
    ...init,
    body: (init.body as string).replace(/"ClientRequestToken":"[^"]*"/, named),
  })
}
