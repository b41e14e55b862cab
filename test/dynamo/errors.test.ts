import { describe, expect, it } from 'vitest'
import { DynamoError, isRetryable } from '../../src/dynamo/errors.ts'

const errorOf = (code: string, status = 400) => new DynamoError(status, code, {})
const cancelled = (...codes: (string | undefined)[]) =>
  new DynamoError(400, 'TransactionCanceledException', {
    CancellationReasons: codes.map((code) => (code === undefined ? {} : { Code: code })),
  })

describe('works', () => {
  it.each([
    'ProvisionedThroughputExceededException',
    'ThrottlingException',
    'ThrottlingError',
    'RequestLimitExceeded',
    'TransactionConflictException',
    'TransactionInProgressException',
  ])('T42: retries after %s, which is an HTTP 400', (code) => {
    expect(isRetryable(errorOf(code, 400))).toBe(true)
  })

  it.each([500, 502, 503, 504])('T43: retries after %i, whatever the body', (status) => {
    expect(isRetryable(errorOf('UnknownError', status))).toBe(true)
  })

  it('T43: retries after a dropped socket, a timeout or a damaged response', () => {
    expect(isRetryable(new TypeError('Network connection lost.'))).toBe(true)
    expect(isRetryable(new DOMException('The operation timed out', 'TimeoutError'))).toBe(true)
    expect(isRetryable(new SyntaxError('Unexpected end of JSON input'))).toBe(true)
  })

  it('T45: retries a transaction that a conflict or a throttle cancelled', () => {
    expect(isRetryable(cancelled('None', 'TransactionConflict'))).toBe(true)
    expect(isRetryable(cancelled('ThrottlingError', 'None'))).toBe(true)
    expect(isRetryable(cancelled('ProvisionedThroughputExceeded'))).toBe(true)
  })

  it('T45: retries if one item conflicts and another’s condition failed, because not all were evaluated', () => {
    expect(isRetryable(cancelled('ConditionalCheckFailed', 'TransactionConflict'))).toBe(true)
  })
})

describe('refuses', () => {
  it('T45: to retry after a failed condition, which is a result', () => {
    expect(isRetryable(cancelled('None', 'ConditionalCheckFailed', undefined))).toBe(false)
    expect(isRetryable(errorOf('ConditionalCheckFailedException'))).toBe(false)
  })

  it.each([
    'ValidationException',
    'ResourceNotFoundException',
    'AccessDeniedException',
    'UnrecognizedClientException',
    'IdempotentParameterMismatchException',
    'SerializationException',
  ])('to retry after %s, which the same bytes would cause again', (code) => {
    expect(isRetryable(errorOf(code))).toBe(false)
  })

  it('T47: to retry after a signature error, because its time was already corrected once', () => {
    expect(isRetryable(errorOf('InvalidSignatureException'))).toBe(false)
    expect(isRetryable(errorOf('RequestTimeTooSkewed', 403))).toBe(false)
    expect(isRetryable(errorOf('RequestExpired'))).toBe(false)
  })
})

describe('withstands', () => {
  it('T53: an error text that contains a person’s input: it is dropped', () => {
    const body: object = { message: 'canary', Message: 'canary', __type: 'canary' }
    const error = new DynamoError(400, 'ValidationException', body)
    expect(JSON.stringify(error) + error.message + String(error.stack)).not.toContain('canary')
  })

  it('an error without reasons and items', () => {
    const error = errorOf('UnknownError', 418)
    expect(error).toMatchObject({ code: 'UnknownError', cancellationReasons: [] })
    expect(error.item).toBeUndefined()
    expect(isRetryable(error)).toBe(false)
  })
})
