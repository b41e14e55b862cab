import type { Context, MiddlewareHandler } from 'hono'
import { Hono } from 'hono/tiny'
import type { AppEnv } from './scope.ts'

type Method = 'GET' | 'POST' | 'DELETE'

/**
 * Who may call a route:
 * - `anyone`: the body proves what is needed, or there is nothing to protect.
 * - `session`: the access token of a session, with its proof when it is bound.
 * - `resource_server`: a back end with credentials of RESOURCE_SERVERS.
 */
export type Guard = 'anyone' | 'session' | 'resource_server'

/** How a route's errors are written: RFC 9457 problem details, or RFC 6749 section 5.2. */
export type ErrorFormat = 'problem' | 'oauth'

export type Route = { method: Method; path: string; guard: Guard; errors: ErrorFormat }

/**
 * Routes with one guard and one format of errors. A route can only be added to a group, so it cannot forget
 * its guard. (Hono's `use()` guards by path: mounted at `/`, it would guard the routes of other groups too.)
 */
export class RouteGroup<E extends AppEnv = AppEnv> {
  readonly router = new Hono<E>()
  readonly routes: Route[] = []
  readonly #guard: Guard
  readonly #errors: ErrorFormat
  readonly #middleware: MiddlewareHandler<E> | undefined

  constructor(guard: Guard, errors: ErrorFormat, middleware?: MiddlewareHandler<E>) {
    this.#guard = guard
    this.#errors = errors
    this.#middleware = middleware
  }

  get(path: string, handler: (c: Context<E>) => Promise<Response> | Response): void {
    this.#add('GET', path, handler)
  }

  post(path: string, handler: (c: Context<E>) => Promise<Response> | Response): void {
    this.#add('POST', path, handler)
  }

  delete(path: string, handler: (c: Context<E>) => Promise<Response> | Response): void {
    this.#add('DELETE', path, handler)
  }

  #add(
    method: Method,
    path: string,
    handler: (c: Context<E>) => Promise<Response> | Response,
  ): void {
    this.routes.push({ method, path, guard: this.#guard, errors: this.#errors })
    if (this.#middleware === undefined) this.router.on(method, path, handler)
    else this.router.on(method, path, this.#middleware, handler)
  }
}

/** A group without a guard: each of its routes says in its docstring why it needs none. */
export const openRoutes = (errors: ErrorFormat = 'problem'): RouteGroup =>
  new RouteGroup('anyone', errors)
