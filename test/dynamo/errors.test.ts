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
  ])('T42: tries again after %s, which comes as HTTP 400', (code) => {
    expect(isRetryable(errorOf(code, 400))).toBe(true)
  })

  it.each([500, 502, 503, 504])('T43: tries again after %i, whatever its body says', (status) => {
    expect(isRetryable(errorOf('UnknownError', status))).toBe(true)
  })

  it('T43: tries again after what is no answer of DynamoDB: a dropped socket, a timeout, damage', () => {
    expect(isRetryable(new TypeError('Network connection lost.'))).toBe(true)
    expect(isRetryable(new DOMException('The operation timed out', 'TimeoutError'))).toBe(true)
    expect(isRetryable(new SyntaxError('Unexpected end of JSON input'))).toBe(true)
  })

  it('T45: tries a transaction again that a conflict or a throttle cancelled', () => {
    expect(isRetryable(cancelled('None', 'TransactionConflict'))).toBe(true)
    expect(isRetryable(cancelled('ThrottlingError', 'None'))).toBe(true)
    expect(isRetryable(cancelled('ProvisionedThroughputExceeded'))).toBe(true)
  })

  it('T45: tries again when a conflict stands beside a failed condition: not all was judged', () => {
    expect(isRetryable(cancelled('ConditionalCheckFailed', 'TransactionConflict'))).toBe(true)
  })
})

describe('refuses', () => {
  it('T45: to try again after a failed condition: that is an answer', () => {
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
  ])('to try again after %s, which the same bytes would meet again', (code) => {
    expect(isRetryable(errorOf(code))).toBe(false)
  })

  it('T47: to try again after a complaint about the signature: its time was put right once already', () => {
    expect(isRetryable(errorOf('InvalidSignatureException'))).toBe(false)
    expect(isRetryable(errorOf('RequestTimeTooSkewed', 403))).toBe(false)
    expect(isRetryable(errorOf('RequestExpired'))).toBe(false)
  })
})

describe('withstands', () => {
  it('T53: keeps no text of DynamoDB, which may repeat what a person sent', () => {
    const body: object = { message: 'canary', Message: 'canary', __type: 'canary' }
    const error = new DynamoError(400, 'ValidationException', body)
    expect(JSON.stringify(error) + error.message + String(error.stack)).not.toContain('canary')
  })

  it('an error with no reasons and no item', () => {
    const error = errorOf('UnknownError', 418)
    expect(error).toMatchObject({ code: 'UnknownError', cancellationReasons: [] })
    expect(error.item).toBeUndefined()
    expect(isRetryable(error)).toBe(false)
  })
})
