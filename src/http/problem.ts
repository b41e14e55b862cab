/**
 * Every refusal of the JSON API, as RFC 9457 problem details, and of the OAuth endpoints, as RFC 6749
 * section 5.2 errors. A message here is for a developer who reads it: it never repeats input.
 */

const PROBLEMS = {
  invalid_request: [400, 'The request is not valid'],
  unauthorized: [401, 'Sign-in is needed'],
  origin_not_allowed: [403, 'This origin may not call here'],
  bot_check_failed: [403, 'The bot check did not pass'],
  not_found: [404, 'Nothing is here'],
  method_not_allowed: [405, 'This method is not allowed here'],
  link_expired: [410, 'This link has run out: ask for a new one'],
  payload_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'The body has the wrong media type'],
  rate_limited: [429, 'Too many requests'],
  internal: [500, 'Something broke here'],
  misconfigured: [503, 'The service is not configured'],
  unavailable: [503, 'The service is not available right now'],
} as const satisfies Record<string, readonly [number, string]>

export type ProblemCode = keyof typeof PROBLEMS

/** One bad member: `pointer` is a JSON pointer as a URI fragment (RFC 6901 section 6), `#/email`. */
export type BadMember = { pointer: string; detail: string }

export type ProblemOptions = {
  detail?: string
  errors?: BadMember[]
  headers?: Record<string, string>
}

/** Thrown where HTTP is known. `type` is `urn:latchkey:problem:<code>`, and stable. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly options: ProblemOptions

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(options.detail ?? PROBLEMS[code][1])
    this.name = 'Problem'
    this.code = code
    this.options = options
  }

  get status(): number {
    return PROBLEMS[this.code][0]
  }

  toResponse(requestId: string): Response {
    const { detail, errors, headers } = this.options
    const body = {
      type: `urn:latchkey:problem:${this.code}`,
      title: PROBLEMS[this.code][1],
      status: this.status,
      ...(detail === undefined ? {} : { detail }),
      ...(errors === undefined ? {} : { errors }),
      requestId,
    }
    return new Response(JSON.stringify(body), {
      status: this.status,
      headers: { 'Content-Type': 'application/problem+json', ...headers },
    })
  }
}

export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unsupported_grant_type'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'
  | 'server_error'
  | 'temporarily_unavailable'

/**
 * An error of the token, revocation or introspection endpoint (RFC 6749 section 5.2).
 * @param reason `latchkey_reason`: told only to whoever proved to hold the verifier or the key.
 */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode
  readonly status: number
  readonly headers: Record<string, string>
  readonly reason: string | undefined

  constructor(
    code: OAuthErrorCode,
    description: string,
    options: { status?: number; headers?: Record<string, string>; reason?: string } = {},
  ) {
    super(description)
    this.name = 'OAuthError'
    this.code = code
    this.status = options.status ?? 400
    this.headers = options.headers ?? {}
    this.reason = options.reason
  }

  toResponse(): Response {
    const body = {
      error: this.code,
      error_description: this.message,
      ...(this.reason === undefined ? {} : { latchkey_reason: this.reason }),
    }
    return new Response(JSON.stringify(body), {
      status: this.status,
      headers: { 'Content-Type': 'application/json', ...this.headers },
    })
  }
}

/** How a Problem is said on an OAuth endpoint, where clients read `error`. */
export function asOAuthError(problem: Problem): OAuthError {
  const status = problem.status
  const later = status === 503 || status === 429
  const code = later
    ? 'temporarily_unavailable'
    : status >= 500
      ? 'server_error'
      : 'invalid_request'
  return new OAuthError(code, problem.message, { status, headers: problem.options.headers ?? {} })
}
