import type { Context } from 'hono'
import { Hono } from 'hono/tiny'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { routePath } from 'hono/route'
import { ConfigError, type Env } from './base/config.ts'
import { DynamoError, DynamoUnavailable } from './dynamo/errors.ts'
import { addSecurityHeaders } from './http/headers.ts'
import { bodyTooLarge, MAX_BODY_BYTES, type AppEnv } from './http/read.ts'
import {
  createIsolate,
  createScope,
  errorName,
  type Isolate,
  type RequestScope,
} from './isolate.ts'
import { CODE_GRANT, codeGrant, LINK_GRANT, linkGrant } from './sign-in/grants.ts'
import { pageRoutes } from './link-page/routes.ts'
import { linkRoutes } from './ask/routes.ts'
import { consoleSink, writeLine, type Sink } from './base/log.ts'
import { asOAuthError, OAuthError, Problem } from './http/problem.ts'
import { refreshGrant } from './session/grant.ts'
import { oauthRoutes } from './session/oauth-routes.ts'
import { sessionRoutes } from './session/routes.ts'
import { tokenRoutes } from './http/token-endpoint.ts'
import { approvalKey } from './model/approval.ts'
import { wellKnownRoutes } from './well-known/routes.ts'
import { realWorld, type World } from './base/world.ts'

const RETRY_AFTER_SECONDS = 2
const OAUTH_PATHS = new Set(['/v1/token', '/v1/revoke', '/v1/introspect'])

const GRANTS = { [LINK_GRANT]: linkGrant, [CODE_GRANT]: codeGrant, refresh_token: refreshGrant }

/** The whole Worker. A test gives it a world with another clock, and a sink that it reads. */
export function createApp(world: World = realWorld, sink: Sink = consoleSink): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  const isolates = new WeakMap<Env, Promise<Isolate>>()
  const scopes = new WeakMap<Context, RequestScope>()

  /** Once for an environment: a bad one is refused on every request, and logged once. */
  function isolateOf(env: Env): Promise<Isolate> {
    const known = isolates.get(env)
    if (known !== undefined) return known
    const made = createIsolate(env, world)
    isolates.set(env, made)
    made.catch((error: unknown) => {
      const problems =
        error instanceof ConfigError
          ? error.problems
          : [`JWT_KEYS must be keys that can be imported (${errorName(error)})`]
      writeLine(sink, world.now(), 'config_invalid', { outcome: 'refusing', problems })
    })
    return made
  }

  app.use(async (c, next) => {
    const startedAt = world.ticks()
    const requestId = crypto.randomUUID()
    c.set('requestId', requestId)
    await next()
    addSecurityHeaders(c.res.headers)
    c.res.headers.set('X-Request-Id', requestId)
    const scope = scopes.get(c)
    const { event, fields } = scope?.said() ?? { event: 'request' as const, fields: {} }
    writeLine(sink, world.now(), event, {
      outcome: c.res.status < 400 ? 'ok' : 'refused',
      ...fields,
      requestId,
      method: c.req.method,
      route: routeOf(c),
      status: c.res.status,
      ms: Math.round(world.ticks() - startedAt),
      dynamoRoundTrips: scope?.trace.roundTrips ?? 0,
      dynamoCalls: scope?.trace.calls ?? 0,
      dynamoMs: Math.round(scope?.trace.ms ?? 0),
      ...(c.error === undefined || c.res.status < 500 ? {} : { error: errorName(c.error) }),
    })
    scope?.startBackground((promise) => c.executionCtx.waitUntil(promise))
  })

  app.get('/healthz', (c) => c.json({ status: 'ok' }))

  app.use(async (c, next) => {
    let isolate: Isolate
    try {
      isolate = await isolateOf(c.env)
    } catch {
      throw new Problem('misconfigured')
    }
    const scope = createScope(isolate, world, sink, c.var.requestId)
    scopes.set(c, scope)
    c.set('deps', scope.deps)
    await next()
  })

  app.use(checkOrigin)
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: () => {
        throw bodyTooLarge()
      },
    }),
  )
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        new Problem('method_not_allowed', { headers: { Allow: methods.join(', ') } }).toResponse(
          c.var.requestId,
        ),
    }),
  )

  /** Whether DynamoDB answers: for a deployment's own probe. */
  app.get('/readyz', async (c) => {
    await c.var.deps.db.get(approvalKey(c.var.deps.config, 'readyz@invalid'))
    return c.json({ status: 'ready' })
  })
  app.route('/', linkRoutes)
  app.route('/', pageRoutes)
  app.route('/', tokenRoutes(GRANTS))
  app.route('/', sessionRoutes)
  app.route('/', oauthRoutes)
  app.route('/', wellKnownRoutes(Object.keys(GRANTS)))

  app.notFound((c) => new Problem('not_found').toResponse(c.var.requestId))
  app.onError((error, c) => {
    const problem = asProblem(error)
    if (!OAUTH_PATHS.has(c.req.path)) return problem.toResponse(c.var.requestId)
    return (error instanceof OAuthError ? error : asOAuthError(problem)).toResponse()
  })
  return app
}

/** The declared path, never the one that was sent: the handler's that ran last, or that would have run. */
const routeOf = (c: Context): string =>
  [routePath(c), routePath(c, -1)].find((path) => path !== '/*') ?? '/*'

/** What was thrown, as far as a caller may know it. */
function asProblem(error: Error): Problem {
  if (error instanceof Problem) return error
  // An answer of DynamoDB's that is no verdict is about the tables or our rights: an operator mends it.
  if (error instanceof DynamoUnavailable || error instanceof DynamoError) {
    return new Problem('unavailable', { headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) } })
  }
  return new Problem('internal')
}

/** Browsers of other sites may neither read an answer nor cause an effect. Apps send no Origin. */
async function checkOrigin(
  c: Context<AppEnv>,
  next: () => Promise<void>,
): Promise<Response | void> {
  const { config } = c.var.deps
  const origin = c.req.header('Origin')
  // A shared cache must not give browsers the copy that was made without CORS.
  if (config.ALLOWED_ORIGINS.length > 0) c.header('Vary', 'Origin')
  if (origin === undefined || origin === config.ISSUER) return next()
  if (config.ALLOWED_ORIGINS.includes(origin)) {
    return cors({
      origin,
      allowMethods: ['GET', 'POST', 'DELETE'],
      allowHeaders: ['Authorization', 'Content-Type', 'DPoP'],
      exposeHeaders: ['DPoP-Nonce', 'Retry-After', 'WWW-Authenticate', 'X-Request-Id'],
      maxAge: 600,
    })(c, next)
  }
  if (['GET', 'HEAD'].includes(c.req.method)) return next()
  throw new Problem('origin_not_allowed')
}
