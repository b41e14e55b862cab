import { AwsV4Signer } from 'aws4fetch'
import { createAwsClock } from './aws-clock.ts'
import { fixedKeys, type AwsKeys } from './aws-keys.ts'
import type { Config } from './config.ts'
import type { World } from './world.ts'

/** A POST to an AWS service. `service` is its signing name. */
export type AwsRequest = {
  service: 'dynamodb' | 'ses' | 'sms-voice' | 'sqs'
  url: string
  headers: Record<string, string>
  body: string
}

/** The complete response. `errorCode` is the exception's name without its namespace; it is empty after a success. */
export type AwsAnswer = { ok: boolean; status: number; text: string; errorCode: string }

/**
 * Signs (SigV4) and sends one request. It does not retry, with two exceptions, each once: if AWS refuses the signature
 * because of its time, it adopts the time of AWS's response, and if AWS refuses the keys as expired, it gets new ones.
 * Then it signs the same bytes again, so a transaction keeps its ClientRequestToken.
 * @throws the network's error, TimeoutError after `timeoutMs`, or AwsKeysUnavailable.
 */
export type AwsPost = (request: AwsRequest, timeoutMs: number) => Promise<AwsAnswer>

/** Create one per isolate: it caches the derived signing keys. */
export function createAwsPost(
  config: Config,
  world: World,
  source = fixedKeys(config),
  clock = createAwsClock(world),
): AwsPost {
  const signingKeys = new Map<string, ArrayBuffer>()
  let derivedFrom: AwsKeys | undefined

  async function once(request: AwsRequest, timeoutMs: number, keys: AwsKeys, offsetMs: number) {
    // The names in the cache contain the secret, so those of earlier keys must go.
    if (derivedFrom !== keys) signingKeys.clear()
    derivedFrom = keys
    const { method, url, headers, body } = await new AwsV4Signer({
      method: 'POST',
      url: request.url,
      headers: request.headers,
      body: request.body,
      accessKeyId: keys.accessKeyId,
      secretAccessKey: keys.secretAccessKey,
      ...(keys.sessionToken === undefined ? {} : { sessionToken: keys.sessionToken }),
      service: request.service,
      region: config.AWS_REGION,
      cache: signingKeys,
      datetime: toAmzDate(world.now() + offsetMs),
    }).sign()
    const signal = world.timeout(timeoutMs)
    const response = await world.fetch(url.href, { method, headers, body: body ?? null, signal })
    const text = await response.text()
    const { ok, status } = response
    if (ok) return { answer: { ok, status, text, errorCode: '' }, date: null }
    const errorCode = errorCodeOf(response.headers.get('x-amzn-errortype'), text)
    return { answer: { ok, status, text, errorCode }, date: response.headers.get('Date') }
  }

  /** Signs again if AWS refuses the time of the signature. */
  async function onTime(request: AwsRequest, timeoutMs: number, keys: AwsKeys): Promise<AwsAnswer> {
    const usedMs = clock.offsetMs()
    const { answer, date } = await once(request, timeoutMs, keys, usedMs)
    if (!SKEW_CODES.has(answer.errorCode) || !clock.correct(date, usedMs)) return answer
    return (await once(request, timeoutMs, keys, clock.offsetMs())).answer
  }

  return async (request, timeoutMs) => {
    const keys = await source.current()
    const answer = await onTime(request, timeoutMs, keys)
    if (!EXPIRED_CODES.has(answer.errorCode)) return answer
    const others = await source.replace(keys)
    return others === null ? answer : onTime(request, timeoutMs, others)
  }
}

/** The error codes with which DynamoDB, SES and the SMS service refuse a signature because of its time. */
const SKEW_CODES = new Set([
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'RequestTimeTooSkewed',
  'RequestExpired',
])

/** The error codes with which AWS refuses temporary keys after their end. AWS does nothing of such a request. */
const EXPIRED_CODES = new Set(['ExpiredTokenException', 'ExpiredToken'])

/** AWS names the exception in a header (REST) or in the body (JSON 1.0), with a namespace or a link around it. */
function errorCodeOf(header: string | null, text: string): string {
  const named = header ?? /"__type"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? ''
  return /[A-Za-z]+(?=:|$)/.exec(named.split('#').at(-1)!)?.[0] ?? 'UnknownError'
}

/** ISO 8601 basic format, as SigV4 requires: 20261231T235959Z. */
const toAmzDate = (ms: number) => new Date(ms).toISOString().replace(/[:-]|\.\d{3}/g, '')
