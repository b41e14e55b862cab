import { AwsV4Signer } from 'aws4fetch'
import type { Config } from './config.ts'
import type { World } from './world.ts'

/** A POST to an AWS service. `service` is its signing name. */
export type AwsRequest = {
  service: 'dynamodb' | 'ses' | 'sms-voice'
  url: string
  headers: Record<string, string>
  body: string
}

/** The complete response. `errorCode` is the exception's name without its namespace; it is empty after a success. */
export type AwsAnswer = { ok: boolean; status: number; text: string; errorCode: string }

/**
 * Signs (SigV4) and sends one request. It does not retry, with one exception: if AWS refuses the signature because of
 * its time, it adopts the time of AWS's response and signs once more.
 * @throws the network's error, or TimeoutError after `timeoutMs`.
 */
export type AwsPost = (request: AwsRequest, timeoutMs: number) => Promise<AwsAnswer>

/**
 * AWS refuses a signature that is five minutes off. If the difference is below one minute, the clock is not the
 * cause.
 */
const SKEW_TOLERANCE_MS = 60_000

/** Create one per isolate: it caches the derived signing keys, and the difference between this clock and AWS's. */
export function createAwsPost(config: Config, world: World): AwsPost {
  const signingKeys = new Map<string, ArrayBuffer>()
  /** What to add to this clock to get AWS's. */
  let offsetMs = 0

  async function once(request: AwsRequest, timeoutMs: number, signedWithMs: number) {
    const { method, url, headers, body } = await new AwsV4Signer({
      method: 'POST',
      url: request.url,
      headers: request.headers,
      body: request.body,
      accessKeyId: config.AWS_ACCESS_KEY_ID,
      secretAccessKey: config.AWS_SECRET_ACCESS_KEY,
      ...(config.AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: config.AWS_SESSION_TOKEN }),
      service: request.service,
      region: config.AWS_REGION,
      cache: signingKeys,
      datetime: toAmzDate(world.now() + signedWithMs),
    }).sign()
    const signal = world.timeout(timeoutMs)
    const response = await world.fetch(url.href, { method, headers, body: body ?? null, signal })
    const text = await response.text()
    const { ok, status } = response
    if (ok) return { answer: { ok, status, text, errorCode: '' }, date: null }
    const errorCode = errorCodeOf(response.headers.get('x-amzn-errortype'), text)
    return { answer: { ok, status, text, errorCode }, date: response.headers.get('Date') }
  }

  /** @returns whether AWS's time differs from the one that the refused request was signed with. */
  function correctClock(date: string | null, signedWithMs: number): boolean {
    const awsMs = Date.parse(date ?? '')
    if (Number.isNaN(awsMs)) return false
    const measuredMs = awsMs - world.now()
    if (Math.abs(measuredMs - signedWithMs) < SKEW_TOLERANCE_MS) return false
    offsetMs = measuredMs
    return true
  }

  return async (request, timeoutMs) => {
    const signedWithMs = offsetMs
    const { answer, date } = await once(request, timeoutMs, signedWithMs)
    if (!SKEW_CODES.has(answer.errorCode) || !correctClock(date, signedWithMs)) return answer
    return (await once(request, timeoutMs, offsetMs)).answer
  }
}

/** The error codes with which DynamoDB, SES and the SMS service refuse a signature because of its time. */
const SKEW_CODES = new Set([
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'RequestTimeTooSkewed',
  'RequestExpired',
])

/** AWS names the exception in a header (REST) or in the body (JSON 1.0), with a namespace or a link around it. */
function errorCodeOf(header: string | null, text: string): string {
  const named = header ?? /"__type"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? ''
  return /[A-Za-z]+(?=:|$)/.exec(named.split('#').at(-1)!)?.[0] ?? 'UnknownError'
}

/** ISO 8601 basic format, as SigV4 requires: 20261231T235959Z. */
const toAmzDate = (ms: number) => new Date(ms).toISOString().replace(/[:-]|\.\d{3}/g, '')
