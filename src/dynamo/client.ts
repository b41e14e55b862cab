import type { AwsAnswer, AwsPost } from '../base/aws.ts'
import { AwsKeysUnavailable } from '../base/aws-keys.ts'
import type { Config } from '../base/config.ts'
import type { World } from '../base/world.ts'
import { DynamoError, DynamoUnavailable, isRetryable, type ErrorBody } from './errors.ts'
import type { Trace } from './trace.ts'

/** The maximum time of one DynamoDB call, all tries together. */
const DEADLINE_MS = 3000
/** The maximum time of one try. A healthy response from the other side of the world takes a tenth of this. */
const TRY_MS = 1000
const BACKOFF_BASE_MS = 25
const BACKOFF_CAP_MS = 500

export type DynamoClient = {
  /**
   * Makes one call to DynamoDB's JSON 1.0 API, signed (SigV4), retried with full jitter until its deadline. Retries
   * send the same bytes, so a transaction keeps its ClientRequestToken.
   * @throws DynamoError for a response that no retry can change, DynamoUnavailable after the deadline.
   */
  call: <Output>(
    operation: string,
    input: object,
    trace: Trace,
    deadline?: number,
  ) => Promise<Output>
  /** The tick at which a call that starts now must be finished. */
  deadline: () => number
  /** Waits before the next try: full jitter, doubling. @returns false if the deadline leaves no time. */
  backOff: (tries: number, deadline: number) => Promise<boolean>
}

export function createDynamoClient(config: Config, world: World, post: AwsPost): DynamoClient {
  const url = config.DYNAMODB_ENDPOINT ?? `https://dynamodb.${config.AWS_REGION}.amazonaws.com/`
  const deadlineFromNow = () => world.ticks() + DEADLINE_MS

  async function once<Output>(operation: string, body: string, timeoutMs: number): Promise<Output> {
    const headers = {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `DynamoDB_20120810.${operation}`,
    }
    const answer = await post({ service: 'dynamodb', url, headers, body }, timeoutMs)
    // A damaged response throws a SyntaxError here, and is retried like a lost one.
    if (answer.ok) return JSON.parse(answer.text) as Output
    throw new DynamoError(answer.status, answer.errorCode, parseErrorBody(answer))
  }

  async function backOff(tries: number, deadline: number): Promise<boolean> {
    const waitMs = world.jitter() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** tries)
    if (world.ticks() + waitMs >= deadline - BACKOFF_BASE_MS) return false
    await world.sleep(waitMs)
    return true
  }

  return {
    deadline: deadlineFromNow,
    backOff,

    async call<Output>(
      operation: string,
      input: object,
      trace: Trace,
      deadline = deadlineFromNow(),
    ): Promise<Output> {
      const body = JSON.stringify(input)
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
        if (!isRetryable(failure)) throw failure
        // They have their own pause: without keys, there is nothing to retry within the deadline.
        if (failure instanceof AwsKeysUnavailable) throw new DynamoUnavailable(failure)
        if (!(await backOff(tries, deadline))) throw new DynamoUnavailable(failure)
      }
    },
  }
}

/**
 * A proxy's HTML page contains no exception name, so only its status counts.
 * @throws SyntaxError for a damaged error from DynamoDB itself: without its rows it would look like a verdict.
 */
const parseErrorBody = ({ errorCode, text }: AwsAnswer): ErrorBody =>
  errorCode === 'UnknownError' && text[0] !== '{' ? {} : (JSON.parse(text) as ErrorBody)
