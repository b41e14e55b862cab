import { AwsClient } from 'aws4fetch'
import type { Config } from '../base/config.ts'
import { fromUtf8 } from '../base/encoding.ts'
import type { World } from '../base/world.ts'
import { crc32 } from './crc32.ts'
import {
  DynamoError,
  DynamoUnavailable,
  isClockSkew,
  isRetryable,
  type ErrorBody,
} from './errors.ts'
import type { Trace } from './trace.ts'

/** How long one request to the Worker may spend on one DynamoDB call, all tries together. */
const DEADLINE_MS = 3000
/** One try; a healthy answer takes a tenth of it from the other side of the world. */
const TRY_MS = 1000
const BACKOFF_BASE_MS = 25
const BACKOFF_CAP_MS = 500
/** Below this, AWS's complaint is not about the clock. */
const SKEW_TOLERANCE_MS = 60_000

export type DynamoClient = {
  /**
   * One call of DynamoDB's JSON 1.0 API, signed (SigV4), retried with full jitter inside a deadline.
   * Retries send the same bytes, so a transaction keeps its ClientRequestToken.
   * @throws DynamoError for an answer that no retry changes, DynamoUnavailable when the deadline is over.
   */
  call: <Output>(
    operation: string,
    input: object,
    trace: Trace,
    deadline?: number,
  ) => Promise<Output>
  /** The tick by which a call that starts now must be over. */
  deadline: () => number
  /** Waits before the next try: full jitter, doubling. @returns false when the deadline leaves no room. */
  backOff: (tries: number, deadline: number) => Promise<boolean>
}

/** One for the life of an isolate: it keeps aws4fetch's cache of signing keys, and the clock's correction. */
export function createDynamoClient(config: Config, world: World): DynamoClient {
  const aws = new AwsClient({
    accessKeyId: config.AWS_ACCESS_KEY_ID,
    secretAccessKey: config.AWS_SECRET_ACCESS_KEY,
    ...(config.AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: config.AWS_SESSION_TOKEN }),
    service: 'dynamodb',
    region: config.AWS_REGION,
    retries: 0, // its own retries miss throttles, which are HTTP 400, and network errors
  })
  const endpoint =
    config.DYNAMODB_ENDPOINT ?? `https://dynamodb.${config.AWS_REGION}.amazonaws.com/`
  /** What AWS's clock is ahead of ours by. */
  let skewMs = 0

  async function once<Output>(operation: string, body: string, timeoutMs: number): Promise<Output> {
    const signedWithMs = skewMs
    const signed = await aws.sign(endpoint, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': `DynamoDB_20120810.${operation}`,
      },
      body,
      aws: { datetime: toAmzDate(world.now() + signedWithMs) },
    })
    const response = await world.fetch(
      new Request(signed, { signal: AbortSignal.timeout(timeoutMs) }),
    )
    const bytes = new Uint8Array(await response.arrayBuffer())
    const checksum = response.headers.get('x-amz-crc32')
    // A compressed answer was checked by its decompression; the header is about the compressed bytes.
    if (checksum !== null && !response.headers.has('Content-Encoding')) {
      if (Number(checksum) !== crc32(bytes)) throw new Error('the answer is damaged')
    }
    if (response.ok) return JSON.parse(fromUtf8(bytes)) as Output
    const error = new DynamoError(response.status, parseErrorBody(bytes))
    if (isClockSkew(error)) {
      throw new SkewedClock(error, signedWithMs, response.headers.get('Date'))
    }
    throw error
  }

  /**
   * Takes AWS's time over when it differs from what this try was signed with (another call may have
   * taken it over by now): once a call, so that a wrong secret does not loop.
   */
  function resync(skewed: SkewedClock): boolean {
    const theirs = Date.parse(skewed.date ?? '')
    if (Number.isNaN(theirs)) return false
    const offset = theirs - world.now()
    if (Math.abs(offset - skewed.signedWithMs) < SKEW_TOLERANCE_MS) return false
    skewMs = offset
    return true
  }

  async function backOff(tries: number, deadline: number): Promise<boolean> {
    const waitMs = world.jitter() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** tries)
    if (world.ticks() + waitMs >= deadline - BACKOFF_BASE_MS) return false
    await world.sleep(waitMs)
    return true
  }

  return {
    deadline: () => world.ticks() + DEADLINE_MS,
    backOff,

    async call<Output>(
      operation: string,
      input: object,
      trace: Trace,
      deadline = world.ticks() + DEADLINE_MS,
    ): Promise<Output> {
      const body = JSON.stringify(input)
      let resynced = false
      for (let tries = 0; ; tries++) {
        const timeoutMs = Math.min(TRY_MS, deadline - world.ticks())
        let failure: unknown
        const done = trace.begin(world.ticks())
        try {
          return await once<Output>(operation, body, timeoutMs)
        } catch (error) {
          failure = error
        } finally {
          done(world.ticks())
        }
        if (failure instanceof SkewedClock) {
          if (resynced || !resync(failure)) throw new DynamoUnavailable(failure.error)
          resynced = true
          continue
        }
        if (!isRetryable(failure)) throw failure
        if (!(await backOff(tries, deadline))) throw new DynamoUnavailable(failure)
      }
    },
  }
}

class SkewedClock extends Error {
  readonly error: DynamoError
  readonly signedWithMs: number
  readonly date: string | null

  constructor(error: DynamoError, signedWithMs: number, date: string | null) {
    super('the clocks differ')
    this.error = error
    this.signedWithMs = signedWithMs
    this.date = date
  }
}

function parseErrorBody(bytes: Uint8Array): ErrorBody {
  try {
    return JSON.parse(fromUtf8(bytes)) as ErrorBody
  } catch {
    return {} // a proxy's page, say: the status alone decides
  }
}

/** ISO 8601 basic format, as SigV4 wants it: 20261231T235959Z. */
const toAmzDate = (ms: number) => new Date(ms).toISOString().replace(/[:-]|\.\d{3}/g, '')
