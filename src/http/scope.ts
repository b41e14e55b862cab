import type { Context } from 'hono'
import type { Env } from '../base/config.ts'
import { SECURITY_HEADERS } from './headers.ts'
import type { Deps } from './deps.ts'

/** The state of one request. */
export type Scope = {
  /** Undefined only for the health check, which must work without a configuration. */
  deps: Deps | undefined
  requestId: string
  /** Headers that the response gets in addition to the handler's own: a DPoP nonce, CORS. */
  answerHeaders: Record<string, string>
  /** Measures the request so far, for `Server-Timing`. */
  measure: () => string
  /** The same, once showTiming was called. */
  timing?: () => string
}

export type AppEnv = { Bindings: Env; Variables: { scope: Scope } }
/** The part of Hono's context that journeys need, whatever else a route group puts into it. */
export type AppContext = Pick<Context<AppEnv>, 'req' | 'get' | 'env'>

/**
 * Adds `Server-Timing` to a response that is no refusal. Call it only when the caller has proven who they are: exact
 * times would help somebody who guesses addresses or codes.
 */
export const showTiming = (c: AppContext): void => {
  const scope = c.get('scope')
  scope.timing = scope.measure
}

export const depsOf = (c: AppContext): Deps => c.get('scope').deps!

/**
 * All responses of the Worker are made here, with all of their headers at once. Setting them one by one afterwards
 * costs as much as the rest of the routing.
 */
export function answer(
  { requestId, answerHeaders, timing }: Omit<Scope, 'deps' | 'measure'>,
  body: string | null,
  status: number,
  headers: Record<string, string>,
): Response {
  return new Response(body, {
    status,
    headers: {
      ...SECURITY_HEADERS,
      'X-Request-Id': requestId,
      ...(timing && status < 400 ? { 'Server-Timing': timing() } : {}),
      ...answerHeaders,
      ...headers,
    },
  })
}

/** Members that are undefined are left out, as in JSON.stringify. */
export const json = (
  c: AppContext,
  body: object,
  status = 200,
  headers: Record<string, string> = {},
): Response =>
  answer(c.get('scope'), JSON.stringify(body), status, {
    'Content-Type': 'application/json',
    ...headers,
  })

export const empty = (c: AppContext, status: 200 | 204): Response =>
  answer(c.get('scope'), null, status, {})
