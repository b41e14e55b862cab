import { AwsV4Signer } from 'aws4fetch'
import { describe, expect, it } from 'vitest'
import { createAwsPost, type AwsAnswer, type AwsRequest } from '../../src/base/aws.ts'
import type { Config } from '../../src/base/config.ts'
import { unixMs } from '../../src/base/time.ts'
import { realWorld, type World } from '../../src/base/world.ts'

const CONFIG = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIATEST',
  AWS_SECRET_ACCESS_KEY: 'a secret that signs',
  AWS_SESSION_TOKEN: undefined,
} as Config

const HOUR = 3_600_000
/** Ten minutes to midnight: an hour later, the day of the signature's scope is another one. */
const TRUE_MS = Date.UTC(2026, 11, 31, 23, 50)

/** One request of each service, and how the service says that the signature's time is wrong. */
const SERVICES: {
  service: AwsRequest['service']
  request: AwsRequest
  refusal: (code: string) => { status: number; body: string; headers: Record<string, string> }
}[] = [
  {
    service: 'dynamodb',
    request: requestOf('dynamodb', 'https://dynamodb.us-east-1.amazonaws.com/'),
    refusal: (code) => ({
      status: 400,
      body: JSON.stringify({ __type: `com.amazon.coral.service#${code}`, message: 'no' }),
      headers: {},
    }),
  },
  {
    service: 'ses',
    request: requestOf('ses', 'https://email.us-east-1.amazonaws.com/v2/email/outbound-emails'),
    refusal: (code) => ({
      status: 403,
      body: '{"message":"no"}',
      headers: { 'x-amzn-errortype': `${code}:http://internal.amazon.com/coral/` },
    }),
  },
  {
    service: 'sms-voice',
    request: requestOf('sms-voice', 'https://sms-voice.us-east-1.amazonaws.com/'),
    refusal: (code) => ({
      status: 400,
      body: JSON.stringify({ __type: code, message: 'no' }),
      headers: {},
    }),
  },
]
function requestOf(service: AwsRequest['service'], url: string): AwsRequest {
  return {
    service,
    url,
    headers: { 'Content-Type': 'application/x-amz-json-1.0' },
    body: '{"a":1}',
  }
}

type Sent = { url: string; headers: Headers; body: string }

const amzDate = (ms: number) => new Date(ms).toISOString().replace(/[:-]|\.\d{3}/g, '')
const dateOf = ({ headers }: Sent) => headers.get('X-Amz-Date')

/** The signature that AWS computes for a request, whatever clock we have. */
async function signatureOf(sent: Sent, service: string): Promise<string | undefined> {
  const { headers } = await new AwsV4Signer({
    method: 'POST',
    url: sent.url,
    headers: { 'Content-Type': sent.headers.get('Content-Type')! },
    body: sent.body,
    accessKeyId: CONFIG.AWS_ACCESS_KEY_ID!,
    secretAccessKey: CONFIG.AWS_SECRET_ACCESS_KEY!,
    service,
    region: CONFIG.AWS_REGION,
    datetime: dateOf(sent)!,
  }).sign()
  return headers.get('Authorization') ?? undefined
}

type Refused = (attempt: number) => Response | undefined

/**
 * AWS behind our clock: it refuses a signature that is five minutes off, in the words of the service, and
 * tells its own time. `refused` answers first, where it answers.
 */
function aws({
  trueMs = TRUE_MS,
  ourMs = TRUE_MS,
  refused = () => undefined,
}: {
  trueMs?: number
  ourMs?: number
  refused?: Refused
} = {}) {
  const clock = { trueMs, ourMs }
  const sent: Sent[] = []
  const world: World = {
    ...realWorld,
    now: () => unixMs(clock.ourMs),
    fetch: async (url, init) => {
      const one = { url, headers: new Headers(init.headers), body: init.body as string }
      sent.push(one)
      const special = refused(sent.length)
      if (special !== undefined) return special
      const { refusal } = SERVICES.find(({ request }) => request.url === url)!
      const signedFor = dateOf(one)!.replace(/^(.{4})(..)(.{5})(..)(..Z)$/, '$1-$2-$3:$4:$5')
      const Date_ = new Date(clock.trueMs).toUTCString()
      if (Math.abs(Date.parse(signedFor) - clock.trueMs) <= 300_000) {
        return Response.json({ taken: true }, { headers: { Date: Date_ } })
      }
      const { status, body, headers } = refusal('InvalidSignatureException')
      return new Response(body, { status, headers: { ...headers, Date: Date_ } })
    },
  }
  const post = createAwsPost(CONFIG, world)
  return { clock, sent, post }
}

const TAKEN: AwsAnswer = { ok: true, status: 200, text: '{"taken":true}', errorCode: '' }
const [dynamodb, ses, sms] = SERVICES.map(({ request }) => request) as [
  AwsRequest,
  AwsRequest,
  AwsRequest,
]

describe('works', () => {
  it.each(SERVICES)(
    'signs a request for $service with this clock’s time, and sends it once',
    async ({ service, request }) => {
      const { sent, post } = aws()
      expect(await post(request, 1000)).toEqual(TAKEN)
      expect(sent).toHaveLength(1)
      expect(sent[0]).toMatchObject({ url: request.url, body: request.body })
      expect(dateOf(sent[0]!)).toBe('20261231T235000Z')
      const authorization = sent[0]!.headers.get('Authorization')
      expect(authorization).toContain(
        `Credential=AKIATEST/20261231/us-east-1/${service}/aws4_request`,
      )
      expect(authorization).toBe(await signatureOf(sent[0]!, service))
    },
  )

  it.each(
    SERVICES.flatMap((one) => [
      { ...one, off: 'slow', ourMs: TRUE_MS - HOUR },
      { ...one, off: 'fast', ourMs: TRUE_MS + HOUR },
    ]),
  )(
    'T47: for $service, an hour $off: signs once more with the time of the response, and keeps it',
    async ({ service, request, ourMs }) => {
      const { clock, sent, post } = aws({ ourMs })
      expect(await post(request, 1000)).toEqual(TAKEN)
      expect(sent.map(dateOf)).toEqual([amzDate(ourMs), '20261231T235000Z'])
      expect(sent[1]!.headers.get('Authorization')).toBe(await signatureOf(sent[1]!, service))
      expect(sent[1]!.body).toBe(request.body)
      // Twenty minutes later, in the next year.
      clock.trueMs += 1_200_000
      clock.ourMs += 1_200_000
      expect(await post(request, 1000)).toEqual(TAKEN)
      expect(sent.map(dateOf).slice(2)).toEqual(['20270101T001000Z'])
      expect(sent[2]!.headers.get('Authorization')).toBe(await signatureOf(sent[2]!, service))
    },
  )

  it.each([
    ['DynamoDB', dynamodb, [ses, sms]],
    ['SES', ses, [dynamodb, sms]],
    ['SMS', sms, [ses, dynamodb]],
  ] as const)('T47: what %s corrected holds for the other services', async (_, first, others) => {
    const { sent, post } = aws({ ourMs: TRUE_MS - HOUR })
    await post(first, 1000)
    expect(sent).toHaveLength(2)
    for (const request of others) expect(await post(request, 1000)).toEqual(TAKEN)
    expect(sent).toHaveLength(4)
  })

  it('T47: corrects again if the clock moves again, also back to the right time', async () => {
    const { clock, sent, post } = aws()
    for (const [ourMs, requests] of [
      [TRUE_MS, 1],
      [TRUE_MS + HOUR, 2],
      [TRUE_MS + HOUR, 1],
      [TRUE_MS - HOUR, 2],
      [TRUE_MS - HOUR, 1],
      [TRUE_MS, 2],
      [TRUE_MS, 1],
    ] as const) {
      clock.ourMs = ourMs
      const before = sent.length
      expect(await post(ses, 1000)).toEqual(TAKEN)
      expect(sent.length - before).toBe(requests)
    }
  })

  it('T47: signs each of several parallel calls again at most once', async () => {
    const { sent, post } = aws({ ourMs: TRUE_MS + HOUR })
    const answers = await Promise.all(
      Array.from({ length: 9 }, (_, n) => post([dynamodb, ses, sms][n % 3]!, 1000)),
    )
    expect(answers).toEqual(Array.from({ length: 9 }, () => TAKEN))
    expect(sent.length).toBeLessThanOrEqual(18)
    const before = sent.length
    await post(dynamodb, 1000)
    expect(sent.length).toBe(before + 1)
  })

  it.each([
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
    'RequestTimeTooSkewed',
    'RequestExpired',
  ])('T47: recognises %s from every service', async (code) => {
    for (const { request, refusal } of SERVICES) {
      const { status, body, headers } = refusal(code)
      const Date_ = new Date(TRUE_MS).toUTCString()
      const { sent, post } = aws({
        ourMs: TRUE_MS - HOUR,
        refused: (attempt) =>
          attempt > 1
            ? undefined
            : new Response(body, { status, headers: { ...headers, Date: Date_ } }),
      })
      expect(await post(request, 1000)).toEqual(TAKEN)
      expect(sent).toHaveLength(2)
    }
  })

  it.each([
    [
      'a namespace in the body',
      '{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException"}',
      {},
      'ThrottlingException',
    ],
    [
      'another namespace',
      '{"__type":"com.amazon.coral.availability#ThrottlingException"}',
      {},
      'ThrottlingException',
    ],
    ['nothing but the name', '{"__type":"ThrottlingException"}', {}, 'ThrottlingException'],
    [
      'spaces around the colon',
      '{ "__type" : "x#ThrottlingException" }',
      {},
      'ThrottlingException',
    ],
    ['a header', '{}', { 'x-amzn-errortype': 'MessageRejected' }, 'MessageRejected'],
    [
      'a header with a link',
      '{}',
      { 'x-amzn-errortype': 'TooManyRequestsException:http://internal/' },
      'TooManyRequestsException',
    ],
    ['a header before the body', '{"__type":"Body"}', { 'x-amzn-errortype': 'Header' }, 'Header'],
    ['a page of a proxy', '<html>Bad Gateway', {}, 'UnknownError'],
    ['nothing at all', '', {}, 'UnknownError'],
  ])('finds the exception name in %s', async (_, text, headers, errorCode) => {
    const { post } = aws({
      refused: () =>
        new Response(text, { status: 400, headers: headers as Record<string, string> }),
    })
    expect(await post(dynamodb, 1000)).toEqual({ ok: false, status: 400, text, errorCode })
  })

  it('signs the session token of temporary credentials too', async () => {
    const sent: Headers[] = []
    const fetch = async (_: string, init: RequestInit) => {
      sent.push(new Headers(init.headers))
      return Response.json({})
    }
    const config = { ...CONFIG, AWS_SESSION_TOKEN: 'a/session+token==' }
    await createAwsPost(config, { ...realWorld, fetch })(ses, 1000)
    expect(sent[0]!.get('X-Amz-Security-Token')).toBe('a/session+token==')
    expect(sent[0]!.get('Authorization')).toMatch(/SignedHeaders=[^,]*x-amz-security-token/)
  })

  it('gives each try its own time limit, including the one that is signed again', async () => {
    const asked: number[] = []
    const signals: unknown[] = []
    const timeout = (ms: number) => (asked.push(ms), AbortSignal.timeout(ms))
    const fetch = async (_: string, init: RequestInit) => {
      signals.push(init.signal)
      if (signals.length > 1) return Response.json({})
      return new Response('{"__type":"RequestExpired"}', {
        status: 400,
        headers: { Date: new Date(TRUE_MS + HOUR).toUTCString() },
      })
    }
    await createAwsPost(CONFIG, { ...realWorld, timeout, fetch, now: () => unixMs(TRUE_MS) })(
      ses,
      750,
    )
    expect(asked).toEqual([750, 750])
    expect(signals.every((signal) => signal instanceof AbortSignal)).toBe(true)
    expect(new Set(signals).size).toBe(2)
  })
})

/** Refuses every request, each in the same words. */
const always =
  (code: string, headers: Record<string, string>): Refused =>
  () =>
    new Response(JSON.stringify({ __type: code }), { status: 400, headers })

describe('refuses', () => {
  it.each([
    ['no Date', {}],
    ['a Date that is none', { Date: 'yesterday' }],
    ['an empty Date', { Date: '' }],
  ])('T47: to guess the time from %s, and returns the refusal', async (_, headers) => {
    const { sent, post } = aws({
      ourMs: TRUE_MS - HOUR,
      refused: always('InvalidSignatureException', headers),
    })
    expect(await post(ses, 1000)).toMatchObject({
      ok: false,
      status: 400,
      errorCode: 'InvalidSignatureException',
    })
    expect(sent).toHaveLength(1)
  })

  it.each([
    [0, 1],
    [59_999, 1],
    [-59_999, 1],
    [60_000, 2],
    [-60_000, 2],
  ])(
    'T47: to correct the clock for less than a minute: %d ms off, %d requests',
    async (offMs, requests) => {
      const { sent, post } = aws({
        ourMs: TRUE_MS + offMs,
        refused: always('InvalidSignatureException', { Date: new Date(TRUE_MS).toUTCString() }),
      })
      expect(await post(dynamodb, 1000)).toMatchObject({
        ok: false,
        errorCode: 'InvalidSignatureException',
      })
      expect(sent).toHaveLength(requests)
    },
  )

  it('T47: to sign a third time, returns the second refusal, and does not adopt its time', async () => {
    const { sent, post } = aws({
      ourMs: TRUE_MS,
      refused: (attempt) => {
        if (attempt > 2) return undefined
        const Date_ = new Date(TRUE_MS + attempt * 4 * HOUR).toUTCString()
        return new Response(`{"__type":"RequestExpired","attempt":${attempt}}`, {
          status: 400,
          headers: { Date: Date_ },
        })
      },
    })
    expect(await post(sms, 1000)).toMatchObject({
      ok: false,
      errorCode: 'RequestExpired',
      text: expect.stringContaining('"attempt":2'),
    })
    expect(sent.map(dateOf)).toEqual([amzDate(TRUE_MS), amzDate(TRUE_MS + 4 * HOUR)])
    // The next request begins with what the first answer said, is refused for it, and is put right.
    expect(await post(sms, 1000)).toEqual(TAKEN)
    expect(sent.map(dateOf).slice(2)).toEqual([amzDate(TRUE_MS + 4 * HOUR), amzDate(TRUE_MS)])
  })

  it.each([
    'AccessDeniedException',
    'ThrottlingException',
    'UnrecognizedClientException',
    'ExpiredTokenException',
  ])('T47: to treat %s as a wrong clock, whatever its Date', async (code) => {
    const { sent, post } = aws({
      ourMs: TRUE_MS - HOUR,
      refused: always(code, { Date: new Date(TRUE_MS).toUTCString() }),
    })
    expect(await post(dynamodb, 1000)).toMatchObject({ ok: false, errorCode: code })
    expect(sent).toHaveLength(1)
  })

  it('T47: to use the Date of a success', async () => {
    const { sent, post } = aws({
      refused: () =>
        Response.json({}, { headers: { Date: new Date(TRUE_MS + HOUR).toUTCString() } }),
    })
    await post(dynamodb, 1000)
    await post(dynamodb, 1000)
    expect(sent.map(dateOf)).toEqual([amzDate(TRUE_MS), amzDate(TRUE_MS)])
  })

  it('to retry a request that the network lost, and throws its error', async () => {
    const { sent, post } = aws({
      refused: () => {
        throw new TypeError('Network connection lost.')
      },
    })
    await expect(post(ses, 1000)).rejects.toThrow('Network connection lost.')
    expect(sent).toHaveLength(1)
  })
})
