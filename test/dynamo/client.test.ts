import { describe, expect, it } from 'vitest'
import { LOCAL_AWS } from '../../dev/local-aws.ts'
import { createAwsPost } from '../../src/base/aws.ts'
import { parseConfig } from '../../src/base/config.ts'
import { createDynamoClient } from '../../src/dynamo/client.ts'
import { createDb, type Key, type Put, type Update } from '../../src/dynamo/db.ts'
import { DynamoError, DynamoUnavailable } from '../../src/dynamo/errors.ts'
import { APPROVALS_TABLE, TOKENS_TABLE } from '../../src/base/tables.ts'
import { createTrace } from '../../src/dynamo/trace.ts'
import { realWorld, type World } from '../../src/base/world.ts'
import type { ApprovalRow } from '../../src/model/approval.ts'
import { approve } from '../support/workers/approvals.ts'
import { newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'

const newId = () => `tst_${crypto.randomUUID()}`
type Row = { tokenId: string; n?: number }
const keyOf = (tokenId: string): Key<Row> => ({ TableName: TOKENS_TABLE, Key: { tokenId } })
const put = (tokenId: string, more: { n?: number } = {}): Put<Row> => ({
  Put: {
    TableName: TOKENS_TABLE,
    Item: { tokenId, ...more },
    ConditionExpression: 'attribute_not_exists(tokenId)',
  },
})

/** A client of its own, as an isolate has it, in front of an app's faults. */
function clientOf(app: Latchkey, world: Partial<World> = {}, env: Record<string, unknown> = {}) {
  const trace = createTrace()
  const config = parseConfig({ ...app.env, ...env })
  const whole = { ...realWorld, ...world }
  const client = createDynamoClient(config, whole, createAwsPost(config, whole))
  return { client, trace, db: createDb(client, trace) }
}

/** Waiting takes no time but is counted, so that a deadline can be looked at without sitting it out. */
function countedTime(jitter: number) {
  const waits: number[] = []
  let ticks = 0
  const world: Partial<World> = {
    ticks: () => ticks,
    jitter: () => jitter,
    sleep: async (ms) => {
      waits.push(ms)
      ticks += ms
    },
  }
  return { world, waits }
}

/** Answers that DynamoDB Local cannot be made to give. */
function answersOf(...answers: Response[]) {
  const requests: RequestInit[] = []
  let ticks = 0
  const world: Partial<World> = {
    // Time passes, so that a client that wants more answers than there are reaches its deadline.
    ticks: () => (ticks += 50),
    jitter: () => 0,
    sleep: async () => undefined,
    fetch: async (_, init) => {
      requests.push(init)
      return answers[requests.length - 1]!
    },
  }
  return { world, requests }
}

const nothingProcessed = () =>
  Response.json({
    Responses: {},
    UnprocessedKeys: { [TOKENS_TABLE]: { Keys: [{ tokenId: { S: 'a' } }] } },
  })

const skewed = (date: string | null) =>
  Response.json(
    { __type: 'com.amazon.coral.service#InvalidSignatureException', message: 'Signature expired' },
    { status: 400, headers: date === null ? {} : { Date: date } },
  )
const hoursOff = (hours: number) => new Date(Date.now() + hours * 3_600_000).toUTCString()

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('works', () => {
  it('writes and reads every kind of value, in any alphabet', async () => {
    const { db } = clientOf(startLatchkey())
    const item = {
      tokenId: newId(),
      text: 'Zoë 🔑 \u2028 "\\',
      n: -5,
      no: false,
      none: null,
      l: [{}],
    }
    await db.transact({ row: { Put: { TableName: TOKENS_TABLE, Item: item } } })
    expect(await db.get(keyOf(item.tokenId))).toEqual(item)
  })

  it('reads with strong consistency, and returns a batch by the names of its keys', async () => {
    const app = startLatchkey()
    const { db } = clientOf(app)
    const [a, b, absent] = [newId(), newId(), newId()]
    await db.transact({ a: put(a, { n: 1 }), b: put(b, { n: 2 }) })
    expect(await db.batchGet({ b: keyOf(b), absent: keyOf(absent), a: keyOf(a) })).toEqual({
      a: { tokenId: a, n: 1 },
      b: { tokenId: b, n: 2 },
      absent: undefined,
    })
    await db.get(keyOf(a))
    const [, batch, get] = (await app.calls()).map((call) => JSON.stringify(call.body))
    expect(batch).toContain('"ConsistentRead":true')
    expect(get).toContain('"ConsistentRead":true')
  })

  it('T46: returns the row that a failed condition saw, under the name of its part', async () => {
    const { db } = clientOf(startLatchkey())
    const [there, free] = [newId(), newId()]
    expect(await db.transact({ there: put(there, { n: 1 }) })).toEqual({})
    expect(await db.transact({ free: put(free), left: undefined, taken: put(there) })).toEqual({
      refused: { taken: { row: { tokenId: there, n: 1 } } },
    })
    expect(await db.get(keyOf(free))).toBeUndefined()
    const update: Update<Row> = {
      Update: {
        ...keyOf(there),
        UpdateExpression: 'SET n = n + :one',
        ConditionExpression: 'n = :seen',
        ExpressionAttributeValues: { ':one': 1, ':seen': 1 },
      },
    }
    expect(await db.update(update)).toEqual({ ok: true, row: { tokenId: there, n: 2 } })
    expect(await db.update(update)).toEqual({ ok: false, row: { tokenId: there, n: 2 } })
  })

  it('T46: names every part whose condition failed, also if its row is absent', async () => {
    const { db } = clientOf(startLatchkey())
    const [there, absent, free] = [newId(), newId(), newId()]
    await db.transact({ there: put(there) })
    const exists = 'attribute_exists(tokenId)'
    const verdict = await db.transact({
      one: put(there),
      check: { ConditionCheck: { ...keyOf(absent), ConditionExpression: exists } },
      fine: put(free),
    })
    expect(verdict.refused).toEqual({ one: { row: { tokenId: there } }, check: { row: undefined } })
    expect('row' in verdict.refused!.check!).toBe(true)
    const update = { ...keyOf(absent), UpdateExpression: 'SET n = n', ConditionExpression: exists }
    expect(await db.update({ Update: update })).toEqual({ ok: false, row: undefined })
  })

  it('reads rows of two tables in one batch without mixing them up', async () => {
    const app = startLatchkey()
    const { db } = clientOf(app)
    const [tokenId, email, unknown] = [newId(), newEmail(), newEmail()]
    // As a session has it: a row of one table with an attribute that is the key of the other.
    const row = { tokenId, email: unknown }
    await db.transact({ row: { Put: { TableName: TOKENS_TABLE, Item: row } } })
    await approve(app, email)
    const approvalAt = (address: string): Key<ApprovalRow> => ({
      TableName: APPROVALS_TABLE,
      Key: { email: address },
    })
    const found = await db.batchGet({
      unknown: approvalAt(unknown),
      approval: approvalAt(email),
      row: keyOf(tokenId),
    })
    expect(found.row).toEqual(row)
    expect(found.approval).toMatchObject({ email, approvedBy: 'test' })
    expect(found.unknown).toBeUndefined()
    expect(await app.calls()).toHaveLength(2)
  })

  it('T47: counts a request that was signed again as one call', async () => {
    const app = startLatchkey()
    await app.setFaults([{ fault: 'skew', delayMs: 3_600_000 }])
    const { db, trace } = clientOf(app)
    await db.get(keyOf(newId()))
    expect(await app.calls()).toHaveLength(2)
    expect(trace).toMatchObject({ calls: 1, roundTrips: 1 })
  })

  it('counts parallel calls as one round trip', async () => {
    const { db, trace } = clientOf(startLatchkey())
    await Promise.all([db.get(keyOf(newId())), db.get(keyOf(newId()))])
    await db.get(keyOf(newId()))
    expect(trace).toMatchObject({ calls: 3, roundTrips: 2 })
  })

  it('T42: waits longer after each throttle, with full jitter, and sends the same bytes again', async () => {
    const app = startLatchkey()
    await app.setFaults([{ fault: 'throttle', times: 6 }])
    const { world, waits } = countedTime(0.5)
    const { db } = clientOf(app, world)
    const tokenId = newId()
    await db.transact({ row: put(tokenId) }, 'the-token-of-this-transaction')
    expect(waits).toEqual([12.5, 25, 50, 100, 200, 250])
    const bodies = (await app.calls()).map((call) => JSON.stringify(call.body))
    expect(bodies).toHaveLength(7)
    expect(new Set(bodies).size).toBe(1)
    expect(bodies[0]).toContain('the-token-of-this-transaction')
  })

  it('reads the rest of a batch that DynamoDB left unprocessed', async () => {
    const [a, b] = [newId(), newId()]
    const { world, requests } = answersOf(
      Response.json({
        Responses: { [TOKENS_TABLE]: [{ tokenId: { S: b } }] },
        UnprocessedKeys: {
          [TOKENS_TABLE]: { Keys: [{ tokenId: { S: a } }], ConsistentRead: true },
        },
      }),
      Response.json({
        Responses: { [TOKENS_TABLE]: [{ tokenId: { S: a } }] },
        UnprocessedKeys: {},
      }),
    )
    const { db } = clientOf(startLatchkey(), world)
    expect(await db.batchGet({ a: keyOf(a), b: keyOf(b) })).toEqual({
      a: { tokenId: a },
      b: { tokenId: b },
    })
    expect(JSON.parse(requests[1]!.body as string)).toEqual({
      RequestItems: { [TOKENS_TABLE]: { Keys: [{ tokenId: { S: a } }], ConsistentRead: true } },
    })
  })

  it('signs the session token of temporary credentials too', async () => {
    const app = startLatchkey()
    const { db } = clientOf(app, {}, { AWS_SESSION_TOKEN: 'a/session+token==' })
    expect(await db.get(keyOf(newId()))).toBeUndefined()
    expect(await app.calls()).toHaveLength(1)
  })

  it('T47: adopts AWS’s time for all later calls, and again if the clock moves again', async () => {
    const app = startLatchkey()
    const { db } = clientOf(app)
    const read = async () => {
      const before = (await app.calls()).length
      await db.get(keyOf(newId()))
      return (await app.calls()).length - before
    }
    await app.setFaults([{ fault: 'skew', delayMs: 7_200_000 }])
    expect([await read(), await read()]).toEqual([2, 1])
    await app.setFaults([{ fault: 'skew', delayMs: -7_200_000 }])
    expect([await read(), await read()]).toEqual([2, 1])
    await app.setFaults([])
    expect([await read(), await read()]).toEqual([2, 1])
  })

  it('T47: completes all parallel calls with a wrong clock', async () => {
    const app = startLatchkey()
    await app.setFaults([{ fault: 'skew', delayMs: 3_600_000 }])
    const { db } = clientOf(app)
    await Promise.all(Array.from({ length: 8 }, () => db.get(keyOf(newId()))))
    expect((await app.calls()).length).toBeLessThanOrEqual(16)
  })
})

describe('refuses', () => {
  it.each([
    ['a wrong secret key', { AWS_SECRET_ACCESS_KEY: 'another-secret-than-the-right' }],
    ['a wrong region', { AWS_REGION: 'eu-west-1' }],
  ])('T47: to retry after %s, which a new time cannot fix: one call', async (_, env) => {
    const app = startLatchkey()
    const { db } = clientOf(app, {}, env)
    const failure = await failureOf(db.get(keyOf(newId())))
    expect(failure).toBeInstanceOf(DynamoError)
    expect(failure).toMatchObject({ code: 'InvalidSignatureException' })
    expect(await app.calls()).toHaveLength(1)
  })

  it('an unknown access key id with one call', async () => {
    const app = startLatchkey()
    const { db } = clientOf(app, {}, { AWS_ACCESS_KEY_ID: 'nobody' })
    expect(await failureOf(db.get(keyOf(newId())))).toMatchObject({
      code: 'UnrecognizedClientException',
    })
    expect(await app.calls()).toHaveLength(1)
  })

  it('a table that does not exist, and a malformed expression, with one call each', async () => {
    const app = startLatchkey()
    // The keys of the developer: the policy of the Worker's own keys names no other table.
    const { db } = clientOf(
      app,
      {},
      {
        AWS_ACCESS_KEY_ID: LOCAL_AWS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: LOCAL_AWS.secretAccessKey,
      },
    )
    const missing = await failureOf(db.get({ ...keyOf(newId()), TableName: 'no-such-table' }))
    expect(missing).toMatchObject({ code: 'ResourceNotFoundException' })
    const bad = { Update: { ...keyOf(newId()), UpdateExpression: 'SET' } }
    expect(await failureOf(db.update(bad))).toMatchObject({ code: 'ValidationException' })
    expect(await app.calls()).toHaveLength(2)
  })

  it('T45: to retry a transaction whose condition failed', async () => {
    const app = startLatchkey()
    const { db } = clientOf(app)
    const tokenId = newId()
    expect(await db.transact({ row: put(tokenId) })).toEqual({})
    expect((await db.transact({ row: put(tokenId) })).refused).toHaveProperty('row')
    expect(await app.calls()).toHaveLength(2)
  })

  it('T46: a ClientRequestToken of another transaction: an error, never a result', async () => {
    const { db } = clientOf(startLatchkey())
    const clientRequestToken = crypto.randomUUID()
    await db.transact({ row: put(newId()) }, clientRequestToken)
    const tokenId = newId()
    const failure = await failureOf(db.transact({ row: put(tokenId) }, clientRequestToken))
    expect(failure).toMatchObject({ code: 'IdempotentParameterMismatchException' })
    expect(await db.get(keyOf(tokenId))).toBeUndefined()
  })
})

describe('withstands', () => {
  it.each([0, 0.5, 0.999])(
    'T49: endless throttling: gives up within three seconds, with jitter %d',
    async (jitter) => {
      const app = startLatchkey()
      await app.setFaults([{ fault: 'throttle' }])
      const { world, waits } = countedTime(jitter)
      // With no jitter no time passes by itself: a try takes what it takes on a real network.
      let ticks = 0
      const slow = { ...world, ticks: () => world.ticks!() + (ticks += 20) }
      const failure = await failureOf(clientOf(app, slow).db.get(keyOf(newId())))
      expect(failure).toBeInstanceOf(DynamoUnavailable)
      expect((failure as DynamoUnavailable).cause).toBeInstanceOf(DynamoError)
      expect(world.ticks!() + ticks).toBeLessThan(3100)
      expect(waits.every((ms) => ms <= 500)).toBe(true)
      expect((await app.calls()).length).toBeGreaterThan(6)
    },
  )

  it('a damaged response: repeats the call', async () => {
    const app = startLatchkey()
    const { db } = clientOf(app)
    const tokenId = newId()
    await db.transact({ row: put(tokenId) })
    await app.setFaults([{ fault: 'garbled', times: 1 }])
    const before = (await app.calls()).length
    expect(await db.get(keyOf(tokenId))).toEqual({ tokenId })
    expect((await app.calls()).length).toBe(before + 2)
  })

  it('a damaged refusal: repeats the call, and returns the row that the condition saw', async () => {
    const app = startLatchkey()
    const { db } = clientOf(app)
    const tokenId = newId()
    await db.transact({ row: put(tokenId, { n: 7 }) })
    const update: Update<Row> = {
      Update: {
        ...keyOf(tokenId),
        UpdateExpression: 'SET n = :one',
        ConditionExpression: 'n = :one',
        ExpressionAttributeValues: { ':one': 1 },
      },
    }
    await app.setFaults([{ fault: 'garbled', times: 1 }])
    expect(await db.update(update)).toEqual({ ok: false, row: { tokenId, n: 7 } })
    await app.setFaults([{ fault: 'garbled', times: 1 }])
    expect(await db.transact({ row: put(tokenId) })).toEqual({
      refused: { row: { row: { tokenId, n: 7 } } },
    })
    expect(await app.calls()).toHaveLength(5)
  })

  it.each([
    ["a proxy's page with 502", () => new Response('<html>Bad Gateway', { status: 502 })],
    ['half an answer', () => new Response('{"Item":{"tokenId":{"S":"a')],
    [
      'a refusal cut off in its name',
      () => new Response('{"__type":"com.amazonaws.dynamodb.v20120810#Cond', { status: 400 }),
    ],
    ['an empty 503', () => new Response(null, { status: 503 })],
  ])('%s: repeats the call', async (_, answer) => {
    const { world, requests } = answersOf(
      answer(),
      Response.json({ Item: { tokenId: { S: 'genuine' } } }),
    )
    const { db } = clientOf(startLatchkey(), world)
    expect(await db.get(keyOf('genuine'))).toEqual({ tokenId: 'genuine' })
    expect(requests).toHaveLength(2)
  })

  it('T49: a batch that is never completed: gives up within three seconds, all passes together', async () => {
    let asked = 0
    const { world, waits } = countedTime(0.5)
    const fetch = async () => (asked++, nothingProcessed())
    const { db } = clientOf(startLatchkey(), { ...world, fetch })
    expect(await failureOf(db.batchGet({ a: keyOf('a') }))).toBeInstanceOf(DynamoUnavailable)
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(3000)
    expect(asked).toBeGreaterThan(3)
    expect(asked).toBeLessThan(100)
  })

  it('T47: a clock that is refused twice in one call: gives up, and does not loop', async () => {
    for (const [answers, sent] of [
      [[skewed(hoursOff(1)), skewed(hoursOff(5)), skewed(hoursOff(9))], 2],
      [[skewed('no date at all'), skewed(null)], 1],
      [[skewed(hoursOff(0)), skewed(null)], 1],
    ] as const) {
      const { world, requests } = answersOf(...answers)
      const { db } = clientOf(startLatchkey(), world)
      expect(await failureOf(db.get(keyOf('a')))).toMatchObject({
        name: 'DynamoError',
        code: 'InvalidSignatureException',
      })
      expect(requests).toHaveLength(sent)
    }
  })
})
