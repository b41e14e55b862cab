import type { AwsPost, AwsRequest } from '../base/aws.ts'
import { AwsKeysUnavailable } from '../base/aws-keys.ts'
import type { World } from '../base/world.ts'

const TRIES = 3
const TRY_MS = 5000
const BACKOFF_MS = 200

/**
 * `status` is that of the last response, 0 if there was none. The response's text is not kept, because it may name
 * the person.
 */
export class SendError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string) {
    super(`sending failed: ${status} ${code}`)
    this.name = 'SendError'
    this.status = status
    this.code = code
  }
}

/**
 * Retries throttles, 5xx, timeouts and network errors: three tries in all. SES and the SMS service have no
 * idempotency key, so a lost response can cause a second message. Both contain the same link, which works once.
 * @throws SendError if no try was accepted.
 */
export async function sendWithRetries(
  world: World,
  post: AwsPost,
  request: AwsRequest,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const error = await once(post, request)
    if (error === null) return
    const passing = error.status === 0 || error.status === 429 || error.status >= 500
    if (tries === TRIES || !(passing || /Throttl|TooMany/.test(error.code))) throw error
    await world.sleep(world.jitter() * BACKOFF_MS * 2 ** tries)
  }
}

async function once(post: AwsPost, request: AwsRequest): Promise<SendError | null> {
  try {
    const answer = await post(request, TRY_MS)
    return answer.ok ? null : new SendError(answer.status, answer.errorCode)
  } catch (error) {
    const isWithoutKeys = error instanceof AwsKeysUnavailable
    return new SendError(0, isWithoutKeys ? 'AwsKeysUnavailable' : 'NetworkError')
  }
}
