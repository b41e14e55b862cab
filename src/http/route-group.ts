import type { Context, Handler, MiddlewareHandler } from 'hono'
import type { AppEnv } from './scope.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Who may call a route:
 * - `anyone`: the body contains what is needed, or the route protects nothing.
 * - `session`: the access token of a session, with a proof if it is bound.
 * - `resource_server`: a back end with credentials in RESOURCE_SERVERS.
 * The other guards belong to the console: see console/guards.ts.
 */
export type Guard = 'anyone' | 'session' | 'resource_server' | ConsoleGuard
export type ConsoleGuard =
  | 'actor'
  | 'approver'
  | 'admin'
  | 'approvals:read'
  | 'approvals:write'
  | 'people:read'
  | 'people:write'

/** The format of a route's errors: RFC 9457 problem details, RFC 6749 section 5.2, or a page for people. */
export type ErrorFormat = 'problem' | 'oauth' | 'page'

export type Route = {
  method: Method
  path: string
  guard: Guard
  errors: ErrorFormat
  /** The guard's own handler comes first, if it has one. */
  handlers: Handler[]
}

/**
 * Routes with the same guard and error format. A route can only be added to a group, so it always has a guard.
 * (Hono's `use()` guards by path: mounted at `/`, it would also guard the routes of other groups.)
 */
export class RouteGroup<E extends AppEnv = AppEnv> {
  readonly routes: Route[] = []
  readonly #guard: Guard
  readonly #errors: ErrorFormat
  readonly #guardHandlers: Handler[]

  constructor(guard: Guard, errors: ErrorFormat, guardHandler?: MiddlewareHandler<E>) {
    this.#guard = guard
    this.#errors = errors
    this.#guardHandlers = guardHandler === undefined ? [] : [guardHandler as Handler]
  }

  get(path: string, handler: RouteHandler<E>): void {
    this.on('GET', path, handler)
  }

  post(path: string, handler: RouteHandler<E>): void {
    this.on('POST', path, handler)
  }

  delete(path: string, handler: RouteHandler<E>): void {
    this.on('DELETE', path, handler)
  }

  /** For methods without a function of their own. */
  on(method: Method, path: string, handler: RouteHandler<E>): void {
    const handlers = [...this.#guardHandlers, handler as Handler]
    this.routes.push({ method, path, guard: this.#guard, errors: this.#errors, handlers })
  }
}

type RouteHandler<E extends AppEnv> = (c: Context<E>) => Promise<Response> | Response

/** A group without a guard: each of its routes says in its docstring why it needs none. */
export const openRoutes = (errors: ErrorFormat = 'problem'): RouteGroup =>
  new RouteGroup('anyone', errors)
