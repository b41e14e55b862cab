import type { Context } from 'hono'
import { routePath } from 'hono/route'
import { Hono } from 'hono/tiny'
import type { Config } from './base/config.ts'
import { errorName } from './base/error-name.ts'
import { writeLine, type Fields, type Sink } from './base/log.ts'
import type { World } from './base/world.ts'
import { DynamoError, DynamoUnavailable } from './dynamo/errors.ts'
import { asOAuthError, OAuthError } from './http/oauth-error.ts'
import { originAllowed } from './http/origin.ts'
import { Problem } from './http/problem.ts'
import { bodyTooLarge, MAX_BODY_BYTES } from './http/read.ts'
import type { ErrorFormat, Route } from './http/route-group.ts'
import { answer, type AppEnv, type Scope } from './http/scope.ts'
import { createIsolates, createShare, type IsolatePlan, type RequestShare } from './isolate.ts'

const RETRY_AFTER_SECONDS = 2

/** W3C Trace Context, section 3.2, version 00. The log continues the trace id. Nothing else uses it. */
const TRACEPARENT = /^00-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}$/

/** The differences between the two Workers. */
export type WorkerPlan<C extends Config> = IsolatePlan<C> & {
  routes: readonly Route[]
  /** The only path that needs no configuration. */
  healthPath: string
  /** The maximum body size in bytes, for paths that accept more than MAX_BODY_BYTES. */
  bodyLimits?: Readonly<Record<string, number>>
  /** Writes the errors of routes whose format is `page`. */
  errorPage?: (c: Context<AppEnv>, problem: Problem) => Response | Promise<Response>
}

/** A complete Worker. A test passes a world with another clock, and a sink that it reads. */
export function serve<C extends Config>(
  plan: WorkerPlan<C>,
  world: World,
  sink: Sink,
): Hono<AppEnv> {
  const { routes, healthPath, bodyLimits = {}, errorPage } = plan
  const methods = [...new Set(routes.map(({ method }) => method))]
  const isolateOf = createIsolates(world, sink, plan)

  const app = new Hono<AppEnv>({ getPath: exactPath })

  // The layer around every route: the request's state, the checks before the route, and the log line.
  app.use(async (c, next) => {
    const startedAt = world.ticks()
    const requestId = crypto.randomUUID()
    const ids = { requestId, traceId: TRACEPARENT.exec(c.req.header('traceparent') ?? '')?.[1] }
    // The health check must work with an invalid configuration. Only requests from browsers need the configuration,
    // for the origins that may read the response.
    const alone = c.req.path === healthPath && c.req.header('Origin') === undefined
    const isolate = alone ? undefined : await isolateOf(c.env).catch(() => undefined)
    const share = isolate && createShare(isolate, world, sink, ids)
    const scope: Scope = {
      deps: share?.deps,
      requestId,
      answerHeaders: {},
      measure() {
        const { ms, roundTrips } = share!.trace
        const total = Math.round(world.ticks() - startedAt)
        return `total;dur=${total}, dynamodb;dur=${Math.round(ms)};desc="round trips: ${roundTrips}"`
      },
    }
    c.set('scope', scope)
    const respond = async () => {
      const refusal = alone ? null : stopBeforeRoute(c, scope)
      if (refusal !== null) c.res = await refuse(c, refusal)
      else if (isPreflight(c, scope.answerHeaders)) c.res = answer(scope, null, 204, {})
      else await next()
      // Cloudflare stores the path of a request with every line that is written during it, and this path holds a
      // link's token. These requests only show a page.
      if (/^\/link\//i.test(c.req.path)) return
      writeRequestLine(c, share, ids, startedAt)
      share?.startBackground((promise) => c.executionCtx.waitUntil(promise))
    }
    const responded = respond()
    // Cloudflare cancels a request whose client disconnects. If a phone loses its network, a budget must not be taken
    // without the message being sent, and a session must not end without a log line. So the Worker finishes every
    // request.
    c.executionCtx.waitUntil(responded)
    await responded
  })
  for (const { method, path, handlers } of routes) {
    for (const handler of handlers) app.on(method, path, handler)
  }
  app.notFound((c) => refuse(c, noRoute(c.req.path)))
  app.onError((error, c) => refuse(c, error))

  /** What is wrong with a request whatever its route does; null if nothing is. */
  function stopBeforeRoute(c: Context<AppEnv>, { deps, answerHeaders }: Scope): Problem | null {
    if (deps === undefined) return new Problem('misconfigured')
    const { method, path } = c.req
    const origin = c.req.header('Origin') ?? null
    if (!originAllowed(deps, { method, origin }, answerHeaders)) {
      return new Problem('origin_not_allowed')
    }
    const length = c.req.header('Content-Length')
    if (length === undefined) return null
    const limit = bodyLimits[path] ?? MAX_BODY_BYTES
    return Number(length) > limit ? bodyTooLarge(limit) : null
  }

  /** No route has this path and method. 405 if another method would work (RFC 9110 section 15.5.6). */
  function noRoute(path: string): Problem {
    const others = routesAt(path)
    if (others.length === 0) return new Problem('not_found')
    const allowed = others.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : method))
    return new Problem('method_not_allowed', { headers: { Allow: allowed.join(', ') } })
  }

  /** The routes at a path, of any method. */
  function routesAt(path: string): { method: string; path: string }[] {
    return methods.flatMap((method) => {
      const declared = app.router.match(method, path)[0].at(-1)?.[0][1].path
      // The layer itself matches every path.
      return declared === undefined || declared === '/*' ? [] : { method, path: declared }
    })
  }

  /** The response to an error, in the error format of the route. */
  function refuse(c: Context<AppEnv>, error: Error): Response | Promise<Response> {
    const scope = c.get('scope')
    const problem = asProblem(error)
    const path = routeOf(c)
    const format = routes.find((route) => route.path === path)?.errors ?? formatWithoutRoute(c)
    if (format === 'oauth') {
      return (error instanceof OAuthError ? error : asOAuthError(problem)).toResponse(scope)
    }
    return format === 'page' && errorPage ? errorPage(c, problem) : problem.toResponse(scope)
  }

  function writeRequestLine(
    c: Context<AppEnv>,
    share: RequestShare | undefined,
    ids: Fields,
    startedAt: number,
  ): void {
    const { event, fields } = share?.said() ?? { event: 'request' as const, fields: {} }
    const { status } = c.res
    const failed = status >= 500
    writeLine(
      sink,
      world.now(),
      event,
      {
        outcome: status < 400 ? 'ok' : 'refused',
        ...fields,
        // This replaces an outcome that the journey set before the request failed.
        ...(failed ? { outcome: 'failed' } : {}),
        ...ids,
        method: c.req.method,
        route: (status === 405 ? routesAt(c.req.path)[0]?.path : undefined) ?? routeOf(c),
        status,
        ms: Math.round(world.ticks() - startedAt),
        dynamoRoundTrips: share?.trace.roundTrips ?? 0,
        dynamoCalls: share?.trace.calls ?? 0,
        dynamoMs: Math.round(share?.trace.ms ?? 0),
        ...(c.error === undefined || !failed ? {} : { error: errorName(c.error) }),
      },
      share?.deps.config.ANALYTICS,
    )
  }

  return app
}

/** A CORS preflight (Fetch Standard, section 3.3.2). No route handles OPTIONS itself. */
const isPreflight = (c: Context<AppEnv>, answerHeaders: Record<string, string>): boolean =>
  c.req.method === 'OPTIONS' && 'Access-Control-Allow-Methods' in answerHeaders

/**
 * The path as it was sent: an escaped spelling (`/v1/%74oken`) is another path. Hono's routers ignore one trailing
 * slash, but not two.
 */
function exactPath(request: Request): string {
  const { url } = request
  const start = url.indexOf('/', url.indexOf('://') + 3)
  // A request to `*` has no path (RFC 9112 section 3.2.4). Without a slash, it would not even meet the layer.
  if (start < 0) return '/*'
  const end = url.slice(start).search(/[?#]/)
  const path = end === -1 ? url.slice(start) : url.slice(start, start + end)
  return path.length > 1 && path.endsWith('/') ? `${path}/` : path
}

/**
 * The declared path of the route that ran, or that would have run; never the path that was sent. `/*` if there is
 * none.
 */
const routeOf = (c: Context): string =>
  [routePath(c), routePath(c, -1)].find((path) => path !== '/*') ?? '/*'

/** A person who mistypes an address in a browser sees a page, if the Worker has pages. */
const formatWithoutRoute = (c: Context): ErrorFormat =>
  c.req.header('Accept')?.includes('text/html') ? 'page' : 'problem'

/** The error as a caller may see it. */
function asProblem(error: Error): Problem {
  if (error instanceof Problem) return error
  // Any other DynamoDB error is a misconfigured table or a missing permission, which an operator must fix.
  if (error instanceof DynamoUnavailable || error instanceof DynamoError) {
    return new Problem('unavailable', { headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) } })
  }
  return new Problem('internal')
}
