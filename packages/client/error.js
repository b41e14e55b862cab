export class LatchkeyError extends Error {
  code
  reason
  retryAfterSeconds
  constructor(code, more = {}) {
    super(more.detail ? `${code}: ${more.detail}` : code, { cause: more.cause })
    this.name = 'LatchkeyError'
    this.code = code
    this.reason = more.reason
    this.retryAfterSeconds = more.retryAfterSeconds
  }
}
/** Whether time may heal it. */
export const isTransient = (error) =>
  error instanceof LatchkeyError &&
  ['offline', 'rate_limited', 'unavailable', 'storage', 'key'].includes(error.code)
