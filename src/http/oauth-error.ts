import type { Problem } from './problem.ts'
import { answer, type Scope } from './scope.ts'

export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'
  | 'server_error'
  | 'temporarily_unavailable'

/**
 * An error of the token, revocation or introspection endpoint (RFC 6749 section 5.2).
 * @param reason `latchkey_reason`: only for a caller who proved that they have the code verifier.
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

  toResponse(scope: Pick<Scope, 'requestId' | 'answerHeaders'>): Response {
    const body = {
      error: this.code,
      error_description: this.message,
      latchkey_reason: this.reason,
    }
    return answer(scope, JSON.stringify(body), this.status, {
      'Content-Type': 'application/json',
      ...this.headers,
    })
  }
}

/** Turns a Problem into an OAuth error, for endpoints where clients read `error`. */
export function asOAuthError(problem: Problem): OAuthError {
  const status = problem.status
  const retryable = status === 503 || status === 429
  const code = retryable
    ? 'temporarily_unavailable'
    : status >= 500
      ? 'server_error'
      : 'invalid_request'
  return new OAuthError(code, problem.message, { status, headers: problem.options.headers ?? {} })
}
