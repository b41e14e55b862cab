import { answer, type Scope } from './scope.ts'

/**
 * All errors of the JSON API, as RFC 9457 problem details. Titles are for the developer who calls the API. They never
 * contain input.
 */

const PROBLEMS = {
  invalid_request: [400, 'The request is not valid'],
  unauthorized: [401, 'This route requires a valid access token'],
  stale_session: [401, 'This action requires a more recent sign-in. Sign in again'],
  origin_not_allowed: [403, 'Web pages of this origin may not call this service'],
  bot_check_failed: [403, 'The bot check failed'],
  not_found: [404, 'The resource does not exist'],
  method_not_allowed: [405, 'This resource does not support this method'],
  link_expired: [410, 'The link has expired. Request a new one'],
  payload_too_large: [413, 'The request body is too large'],
  unsupported_media_type: [415, 'The media type of the request body is not supported'],
  rate_limited: [429, 'Too many requests'],
  internal: [500, 'An unexpected error occurred'],
  misconfigured: [503, 'The service is not configured correctly'],
  unavailable: [503, 'The service is temporarily unavailable'],
} as const satisfies Record<string, readonly [number, string]>

export type ProblemCode = keyof typeof PROBLEMS
export const PROBLEM_CODES = Object.keys(PROBLEMS) as ProblemCode[]

/** One invalid member. `pointer` is a JSON pointer as a URI fragment (RFC 6901 section 6): `#/email`. */
export type BadMember = { pointer: string; detail: string }

export type ProblemOptions = {
  detail?: string
  errors?: BadMember[]
  headers?: Record<string, string>
}

/** Thrown by code that handles HTTP: routes and guards. `type` is `urn:latchkey:problem:<code>`, and is stable. */
export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly options: ProblemOptions

  constructor(code: ProblemCode, options?: ProblemOptions)
  /** For a code that only one Worker has. @param kind its status and title. */
  constructor(code: string, options: ProblemOptions, kind: readonly [number, string])
  constructor(
    code: string,
    options: ProblemOptions = {},
    [status, title]: readonly [number, string] = PROBLEMS[code as ProblemCode],
  ) {
    super(options.detail ?? title)
    this.name = 'Problem'
    this.code = code
    this.status = status
    this.title = title
    this.options = options
  }

  toResponse(scope: Pick<Scope, 'requestId' | 'answerHeaders'>): Response {
    const { detail, errors, headers } = this.options
    const body = {
      type: `urn:latchkey:problem:${this.code}`,
      title: this.title,
      status: this.status,
      detail,
      errors,
      requestId: scope.requestId,
    }
    return answer(scope, JSON.stringify(body), this.status, {
      'Content-Type': 'application/problem+json',
      ...headers,
    })
  }
}
