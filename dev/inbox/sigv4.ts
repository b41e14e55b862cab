import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Hash } from '@smithy/hash-node'
import { SignatureV4 } from '@smithy/signature-v4'
import type { LOCAL_AWS } from '../local-aws.ts'

export type ReceivedRequest = {
  method: string
  /** Path and query, as they were sent. */
  url: string
  headers: IncomingHttpHeaders
  body: Uint8Array
}
export type Expected = { service: string } & Pick<
  { [K in keyof typeof LOCAL_AWS]: string },
  'region' | 'accessKeyId' | 'secretAccessKey'
>
export type Refusal = { code: string; message: string }

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/
const SKEW_MS = 5 * 60_000

class Sha256 extends Hash {
  constructor(secret?: ConstructorParameters<typeof Hash>[1]) {
    super('sha256', secret)
  }
}

/** @returns `x-amz-date` (20261122T112103Z) as Unix milliseconds, or NaN when it is malformed. */
function amzDateMs(text: string | undefined): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '')
  return parts ? Date.parse(text!.replace(/^(.{4})(..)(.{5})(..)(..Z)$/, '$1-$2-$3:$4:$5')) : NaN
}

/** @returns Unix milliseconds in the form of `x-amz-date`. */
function amzDate(ms: number): string {
  return new Date(ms).toISOString().replace(/[:-]|\.\d{3}/g, '')
}

/**
 * Checks a request's AWS Signature Version 4 as strictly as AWS does: every `x-amz-*` header must be signed, the
 * scope must be the expected one, and the times may differ by at most five minutes. It recomputes the signature with
 * a different implementation than the Worker's, so that a mistake in one of them is noticed.
 * @param nowMs the server's clock.
 * @returns null if the signature is right, otherwise the refusal that AWS would send.
 */
export async function verifySigV4(
  request: ReceivedRequest,
  expected: Expected,
  nowMs: number,
): Promise<Refusal | null> {
  const header = request.headers.authorization
  if (!header) {
    return { code: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' }
  }
  const parts = AUTHORIZATION.exec(header)
  if (!parts) {
    return {
      code: 'IncompleteSignatureException',
      message: 'The Authorization header is not in the form of Signature Version 4',
    }
  }
  const [, accessKeyId, scopeDate, region, service, signedHeaders = '', signature = ''] = parts
  if (accessKeyId !== expected.accessKeyId) {
    return {
      code: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    }
  }
  if (region !== expected.region || service !== expected.service) {
    return wrong(`Credential should be scoped to ${expected.region}/${expected.service}.`)
  }
  const amzDateText = one(request.headers['x-amz-date'])
  const dateMs = amzDateMs(amzDateText)
  if (Number.isNaN(dateMs) || amzDateText!.slice(0, 8) !== scopeDate) {
    return wrong('Date in Credential scope does not match x-amz-date.')
  }
  if (Math.abs(dateMs - nowMs) > SKEW_MS) return wrong(expiredMessage(amzDateText!, nowMs))

  const names = signedHeaders.split(';')
  const amzHeaders = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'))
  const missing = ['host', ...amzHeaders].filter((name) => !names.includes(name))
  if (missing.length > 0) return wrong(`These headers must be signed: ${missing.join(', ')}`)
  const contentSha256 = one(request.headers['x-amz-content-sha256'])
  if (contentSha256 && contentSha256 !== createHash('sha256').update(request.body).digest('hex')) {
    return wrong('x-amz-content-sha256 does not match the body.')
  }

  const [path, query] = splitUrl(request.url)
  const signer = new SignatureV4({
    credentials: expected,
    region,
    service,
    sha256: Sha256,
    applyChecksum: false,
  })
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: 'http:',
      hostname: '',
      path,
      query,
      headers: Object.fromEntries(names.map((name) => [name, one(request.headers[name]) ?? ''])),
      body: request.body,
    },
    // aws4fetch and smithy sign different headers by default, so smithy is told which ones the request names.
    { signingDate: new Date(dateMs), signableHeaders: new Set(names) },
  )
  const recomputed = AUTHORIZATION.exec(signed.headers.authorization ?? '')?.at(-1) ?? ''
  if (timingSafeEqual(Buffer.from(recomputed), Buffer.from(signature))) return null
  return wrong(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
  )
}

const wrong = (message: string): Refusal => ({ code: 'InvalidSignatureException', message })

/** AWS's own message for a clock that is wrong, in either direction. */
function expiredMessage(amzDateText: string, nowMs: number): string {
  const now = amzDate(nowMs)
  return amzDateMs(amzDateText) < nowMs
    ? `Signature expired: ${amzDateText} is now earlier than ${amzDate(nowMs - SKEW_MS)} (${now} - 5 min.)`
    : `Signature not yet current: ${amzDateText} is still later than ${amzDate(nowMs + SKEW_MS)} (${now} + 5 min.)`
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value
}

function splitUrl(url: string): [path: string, query: Record<string, string[]>] {
  const mark = url.indexOf('?')
  const query: Record<string, string[]> = {}
  if (mark === -1) return [url, query]
  for (const [name, value] of new URLSearchParams(url.slice(mark + 1))) {
    ;(query[name] ??= []).push(value)
  }
  return [url.slice(0, mark), query]
}
