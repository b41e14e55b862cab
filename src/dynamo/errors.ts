import type { AttributeValue } from './items.ts'

/** An error that DynamoDB answered with. `code` is its exception's name, without the namespace. */
export class DynamoError extends Error {
  readonly code: string
  readonly status: number
  /** One per item of a cancelled transaction, in its order. */
  readonly cancellationReasons: CancellationReason[]
  /** The row that a failed condition saw (ReturnValuesOnConditionCheckFailure: ALL_OLD). */
  readonly item: Record<string, AttributeValue> | undefined

  constructor(status: number, body: ErrorBody) {
    const code = (body.__type ?? 'UnknownError').split('#').at(-1)!
    super(`DynamoDB answered ${status} ${code}`)
    this.name = 'DynamoError'
    this.code = code
    this.status = status
    this.cancellationReasons = body.CancellationReasons ?? []
    this.item = body.Item
  }
}

/** No answer inside the deadline: say 503 with Retry-After. `cause` is the last try's error. */
export class DynamoUnavailable extends Error {
  constructor(cause: unknown) {
    super('DynamoDB gave no usable answer', { cause })
    this.name = 'DynamoUnavailable'
  }
}

export type CancellationReason = { Code?: string; Item?: Record<string, AttributeValue> }

/** DynamoDB spells the message `message` or `Message`; neither is kept, since both may repeat input. */
export type ErrorBody = {
  __type?: string
  CancellationReasons?: CancellationReason[]
  Item?: Record<string, AttributeValue>
}

const RETRYABLE = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'ThrottlingError',
  'RequestLimitExceeded',
  'TransactionConflictException',
  'TransactionInProgressException',
  'InternalServerError',
  'ServiceUnavailable',
])

const RETRYABLE_REASONS = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
])

/**
 * Whether the same request may succeed in a moment. A network error or a timeout (anything that is no
 * DynamoError) may: transactions carry a token, and each lone conditional write knows its own traces.
 * A transaction cancelled by a conflict is tried again even beside a failed condition, since the
 * conflicting item was not judged.
 */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof DynamoError)) return true
  if (error.code === 'TransactionCanceledException') {
    return error.cancellationReasons.some((reason) => RETRYABLE_REASONS.has(reason.Code ?? ''))
  }
  return RETRYABLE.has(error.code) || error.status >= 500
}

/** AWS says that this clock and its own are too far apart. */
export function isClockSkew(error: unknown): boolean {
  return (
    error instanceof DynamoError &&
    (error.code === 'InvalidSignatureException' ||
      error.code === 'RequestTimeTooSkewed' ||
      error.code === 'RequestExpired')
  )
}
