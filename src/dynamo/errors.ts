import type { AttributeValue } from './items.ts'

/** An error response from DynamoDB. `code` is its exception's name, without the namespace. */
export class DynamoError extends Error {
  readonly code: string
  readonly status: number
  /** One per item of a cancelled transaction, in the order of the items. */
  readonly cancellationReasons: CancellationReason[]
  /** The row that a failed condition saw (ReturnValuesOnConditionCheckFailure: ALL_OLD). */
  readonly item: Record<string, AttributeValue> | undefined

  constructor(status: number, code: string, body: ErrorBody) {
    super(`DynamoDB answered ${status} ${code}`)
    this.name = 'DynamoError'
    this.code = code
    this.status = status
    this.cancellationReasons = body.CancellationReasons ?? []
    this.item = body.Item
  }
}

/** DynamoDB gave no usable response before the deadline. Answer 503 with Retry-After. `cause` is the last error. */
export class DynamoUnavailable extends Error {
  constructor(cause: unknown) {
    super('DynamoDB gave no usable answer', { cause })
    this.name = 'DynamoUnavailable'
  }
}

export type CancellationReason = { Code?: string; Item?: Record<string, AttributeValue> }

/** The parts of an error's body that are used. Its message is dropped, because it may contain input. */
export type ErrorBody = {
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
 * Whether the same request may succeed in a moment. A network error, a timeout or a damaged response (anything but a
 * DynamoError) is retried: a transaction carries its token, and each single conditional write recognises what its own
 * lost try wrote. DynamoDB does not evaluate an item in conflict, so a transaction with a conflict is retried even if
 * another item's condition failed.
 */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof DynamoError)) return true
  if (error.code === 'TransactionCanceledException') {
    return error.cancellationReasons.some((reason) => RETRYABLE_REASONS.has(reason.Code ?? ''))
  }
  return RETRYABLE.has(error.code) || error.status >= 500
}
