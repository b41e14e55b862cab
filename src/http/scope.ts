import type { Context } from 'hono'
import type { Env } from '../base/config.ts'
import { SECURITY_HEADERS } from './headers.ts'
import type { Deps } from './deps.ts'

/** What one request carries from its first line to its answer. */
export type Scope = {
  /** Undefined for the health check alone, which must work without a configuration. */
  deps: Deps | undefined
  requestId: string
  /** Headers that the answer gets, beside those that its maker gives it: a DPoP nonce, CORS. */
  answerHeaders: Record<string, string>
}

export type AppEnv = { Bindings: Env; Variables: { scope: Scope } }
/** As much of Hono's context as journeys need, whatever else a route group puts into it. */
export type AppContext = Pick<Context<AppEnv>, 'req' | 'get' | 'env'>

export const depsOf = (c: AppContext): Deps => c.get('scope').deps!

/**
 * Every answer of the Worker is made here, with all of its headers at once: setting them one by one
 * afterwards costs as much as the rest of the routing.
 */
export function answer(
  { requestId, answerHeaders }: Pick<Scope, 'requestId' | 'answerHeaders'>,
  body: string | null,
  status: number,
  headers: Record<string, string>,
): Response {
  return new Response(body, {
    status,
    headers: { ...SECURITY_HEADERS, 'X-Request-Id': requestId, ...answerHeaders, ...headers },
  })
}

/** Members that are undefined are left out, as JSON.stringify does. */
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
