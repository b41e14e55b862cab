import { AwsClient } from 'aws4fetch'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, inject, it } from 'vitest'
import { startFaultProxy } from '../../dev/fault-proxy.ts'
import { LOCAL_AWS } from '../../dev/local-aws.ts'
import type { Call, Rule } from '../../dev/fault-rules.ts'
import type { Provided } from '../support/node/provided.ts'

/** What the global setup started, by name. */
const provided = (name: keyof Provided): string => inject(name)

let scenarios = 0

/** A scenario of this test's own, and one row that it writes. */
async function scenario(...rules: Rule[]) {
  const name = `proxy-${process.pid}-${++scenarios}`
  const control = `${provided('faultEndpoint')}/_control/${name}`
  const email = `${name}@example.com`
  await fetch(control, { method: 'PUT', body: JSON.stringify(rules) })
  const aws = new AwsClient({ ...LOCAL_AWS, service: 'dynamodb', retries: 0 })
  const call = (
    operation: string,
    input: object,
    over: {
      datetime?: string
      direct?: true
      signal?: AbortSignal
      headers?: Record<string, string>
    } = {},
  ) =>
    aws.fetch(over.direct ? provided('dynamodbEndpoint') : `${provided('faultEndpoint')}/${name}`, {
      method: 'POST',
      headers: { 'x-amz-target': `DynamoDB_20120810.${operation}`, ...over.headers },
      body: JSON.stringify(input),
      signal: over.signal ?? AbortSignal.timeout(30_000),
      aws: { datetime: over.datetime ?? amzDate(Date.now()) },
    })
  const TableName = 'mobile-approved-emails'
  return {
    call,
    write: (signal?: AbortSignal, headers: Record<string, string> = {}) =>
      call(
        'PutItem',
        { TableName, Item: { email: { S: email } } },
        { headers, ...(signal ? { signal } : {}) },
      ),
    written: async () => {
      const input = { TableName, Key: { email: { S: email } } }
      return 'Item' in ((await (await call('GetItem', input, { direct: true })).json()) as object)
    },
    calls: async () => ((await (await fetch(control)).json()) as { calls: Call[] }).calls,
    forget: () => fetch(control, { method: 'DELETE' }),
  }
}

/** A write that gets no answer: it is given up only when the proxy has it, and has had time to answer. */
async function unanswered(
  own: Awaited<ReturnType<typeof scenario>>,
  arrived: () => Promise<boolean>,
): Promise<void> {
  const patience = new AbortController()
  const write = own.write(patience.signal).then(
    () => 'answered',
    () => 'broken',
  )
  await expect.poll(arrived, { timeout: 10_000 }).toBe(true)
  expect(await Promise.race([write, sleep(100, 'waiting')])).toBe('waiting')
  patience.abort()
  expect(await write).toBe('broken')
}

function amzDate(ms: number): string {
  return new Date(ms).toISOString().replace(/[:-]|\.\d{3}/g, '')
}

async function errorOf(answer: Response) {
  const { __type, ...rest } = (await answer.json()) as {
    __type: string
    CancellationReasons?: object
  }
  return { status: answer.status, code: __type.split('#').at(-1), ...rest }
}

describe('works', () => {
  it('forwards a signed request and its response, and records the call', async () => {
    const own = await scenario()
    const answer = await own.write()
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({})
    expect(await own.written()).toBe(true)
    expect(await own.calls()).toEqual([
      {
        operation: 'PutItem',
        name: 'PutItem approval #1',
        at: expect.any(Number),
        body: expect.objectContaining({}),
      },
    ])
    await own.forget()
    expect(await own.calls()).toEqual([])
  })

  it('applies a rule to its operation, the given number of times', async () => {
    const own = await scenario({ operation: 'PutItem', fault: 'throttle', times: 2 })
    expect((await own.call('ListTables', {})).status).toBe(200)
    const statuses = [await own.write(), await own.write(), await own.write()].map(
      (one) => one.status,
    )
    expect(statuses).toEqual([400, 400, 200])
    expect((await own.calls()).map((one) => one.fault)).toEqual([
      undefined,
      'throttle',
      'throttle',
      undefined,
    ])
  })

  it('applies a rule to all tries of one call, named by its rows and its number', async () => {
    const own = await scenario(
      { call: 'GetItem adr #2', fault: 'error500' },
      { call: 'GetItem tok_ml', fault: 'throttle' },
    )
    const get = async (tokenId: string) => {
      const Key = { tokenId: { S: tokenId } }
      return (await own.call('GetItem', { TableName: 'mobile-auth-tokens', Key })).status
    }
    const statuses = []
    for (const id of ['adr_one', 'tok_ml_one', 'adr_two', 'adr_one', 'adr_two']) {
      statuses.push(await get(id))
    }
    expect(statuses).toEqual([200, 400, 500, 200, 500])
    const TransactItems = [
      { Put: { TableName: 'mobile-auth-tokens', Item: { tokenId: { S: 'ses_a' } } } },
      { Delete: { TableName: 'mobile-approved-emails', Key: { email: { S: 'a@b.example' } } } },
    ]
    await own.call('TransactWriteItems', { TransactItems })
    const RequestItems = {
      'mobile-auth-tokens': { Keys: [{ tokenId: { S: 'aud_a' } }, { tokenId: { S: 'req_a' } }] },
    }
    await own.call('BatchGetItem', { RequestItems })
    await own.call('Query', { TableName: 'mobile-auth-tokens', IndexName: 'email-index' })
    expect((await own.calls()).map(({ name }) => name).slice(2)).toEqual([
      'GetItem adr #2',
      'GetItem adr #1',
      'GetItem adr #2',
      'TransactWriteItems approval ses #1',
      'BatchGetItem aud req #1',
      'Query email-index #1',
    ])
  })

  it('tells a caller whose time is simulated how long it would wait, and does not wait', async () => {
    const own = await scenario({ fault: 'slow', delayMs: 60_000, times: 1 }, { fault: 'hang' })
    const wait = async (time: string) =>
      (await own.write(undefined, { 'x-simulated-time': time })).headers.get('x-simulated-wait')
    expect(await wait('1')).toBe('60000')
    expect(await own.written()).toBe(false)
    expect(await wait('waited')).toBeNull()
    expect(await own.written()).toBe(true)
    expect(await wait('1')).toBe('Infinity')
    expect((await own.calls()).map(({ fault }) => fault)).toEqual(['slow', 'hang'])
  })

  it('keeps scenarios apart', async () => {
    const [bad, good] = [await scenario({ fault: 'error500' }), await scenario()]
    expect((await bad.write()).status).toBe(500)
    expect((await good.write()).status).toBe(200)
  })

  it('delays a call by the time in a rule', async () => {
    const own = await scenario({ fault: 'slow', delayMs: 120 })
    const startedAt = performance.now()
    expect((await own.write()).status).toBe(200)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(119)
  })
})

describe('fails before the commit', () => {
  it.each([
    ['throttle', 400, 'ProvisionedThroughputExceededException'],
    ['conflict', 400, 'TransactionConflictException'],
    ['error500', 500, 'InternalServerError'],
  ] as const)('by %s', async (fault, status, code) => {
    const own = await scenario({ fault })
    expect(await errorOf(await own.write())).toMatchObject({ status, code })
    expect(await own.written()).toBe(false)
  })

  it('by reset', async () => {
    const own = await scenario({ fault: 'reset' })
    await expect(own.write()).rejects.toThrow()
    expect(await own.written()).toBe(false)
  })

  it('by hang', async () => {
    const own = await scenario({ fault: 'hang' })
    await unanswered(own, async () => (await own.calls()).length === 1)
    expect(await own.written()).toBe(false)
  })

  it('by a transaction conflict', async () => {
    const own = await scenario({ fault: 'conflict' })
    const answer = await own.call('TransactWriteItems', { TransactItems: [{}, {}, {}] })
    expect(await errorOf(answer)).toMatchObject({
      code: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }, { Code: 'None' }],
    })
  })
})

describe('fails after the commit', () => {
  it('by lost', async () => {
    const own = await scenario({ fault: 'lost' })
    expect((await own.write()).status).toBe(500)
    expect(await own.written()).toBe(true)
  })

  it('by cut', async () => {
    const own = await scenario({ fault: 'cut' })
    await expect(own.write()).rejects.toThrow()
    expect(await own.written()).toBe(true)
  })

  it('by hang-after', async () => {
    const own = await scenario({ fault: 'hang-after' })
    await unanswered(own, own.written)
  })

  it('by garbled', async () => {
    const own = await scenario({ fault: 'garbled' })
    const answer = await own.write()
    expect(answer.status).toBe(200)
    await expect(answer.json()).rejects.toThrow(SyntaxError)
    expect(await own.written()).toBe(true)
  })
})

describe('is stricter than DynamoDB Local', () => {
  it('refuses a signature for another path, secret or time', async () => {
    const own = await scenario()
    const url = `${provided('faultEndpoint')}/proxy-other`
    const aws = new AwsClient({ ...LOCAL_AWS, service: 'dynamodb' })
    const headers = { 'x-amz-target': 'DynamoDB_20120810.ListTables' }
    const signed = await aws.sign(url, { method: 'POST', headers, body: '{}' })
    const moved = await fetch(url.replace('other', 'another'), {
      method: 'POST',
      headers: signed.headers,
      body: '{}',
    })
    expect(await errorOf(moved)).toMatchObject({ status: 400, code: 'InvalidSignatureException' })
    const wrong = new AwsClient({ ...LOCAL_AWS, secretAccessKey: 'other', service: 'dynamodb' })
    const forged = await wrong.fetch(url, { method: 'POST', headers, body: '{}' })
    expect(await errorOf(forged)).toMatchObject({ status: 400, code: 'InvalidSignatureException' })
    const late = await own.call('ListTables', {}, { datetime: amzDate(Date.now() - 400_000) })
    expect(await errorOf(late)).toMatchObject({
      message: expect.stringMatching(/^Signature expired/),
    })
  })

  it('accepts any signature if it was started so, for clients that sign for another service', async () => {
    const proxy = await startFaultProxy(provided('dynamodbEndpoint'), { anySignature: true })
    const aws = new AwsClient({ ...LOCAL_AWS, service: 'other' })
    const headers = { 'x-amz-target': 'DynamoDB_20120810.ListTables' }
    const url = `${proxy.endpoint}/any`
    expect((await aws.fetch(url, { method: 'POST', headers, body: '{}' })).status).toBe(200)
    await proxy.stop()
  })

  it.each([3_600_000, -3_600_000])(
    'simulates a clock that is %i ms off, and reports the error',
    async (delayMs) => {
      const own = await scenario({ fault: 'skew', delayMs })
      const answer = await own.call('ListTables', {})
      const date = Date.parse(answer.headers.get('date')!)
      expect(Math.abs(date - Date.now() - delayMs)).toBeLessThan(2000)
      expect(await errorOf(answer)).toMatchObject({ code: 'InvalidSignatureException' })
      expect((await own.call('ListTables', {}, { datetime: amzDate(date) })).status).toBe(200)
    },
  )

  it('hides the rows of a delayed index', async () => {
    const own = await scenario({ fault: 'hideindex', times: 1 })
    const query = {
      TableName: 'mobile-auth-tokens',
      IndexName: 'email-index',
      KeyConditionExpression: 'email = :email',
      ExpressionAttributeValues: { ':email': { S: `${crypto.randomUUID()}@example.com` } },
    }
    const Item = {
      tokenId: { S: crypto.randomUUID() },
      email: query.ExpressionAttributeValues[':email'],
      createdAt: { N: '1' },
    }
    await own.call('PutItem', { TableName: query.TableName, Item })
    const count = async (): Promise<number> =>
      ((await (await own.call('Query', query)).json()) as { Count: number }).Count
    expect([await count(), await count()]).toEqual([0, 1])
  })
})
