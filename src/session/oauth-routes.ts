import * as z from 'zod/mini'
import { lazily } from '../base/lazily.ts'
import { timingSafeEqualText } from '../base/encoding.ts'
import { readBasic } from '../http/basic.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { parseParameters, readOAuthParameters } from '../http/read.ts'
import { textOf } from '../http/schema-parts.ts'
import { openRoutes, RouteGroup } from '../http/route-group.ts'
import { depsOf, empty, json, showTiming, type AppContext, type AppEnv } from '../http/scope.ts'
import { readEitherToken } from './either-token.ts'
import { endNamed } from './end.ts'
import { describeActive } from './introspect.ts'

const TokenParameter = lazily(() => z.object({ token: textOf(0, 4096) }))

/** The token in the body proves the right to end its session. */
export const revocationRoutes = openRoutes('oauth')

/**
 * Revocation (RFC 7009 section 2): an access token or a session JWT ends its session. The response is 200 even for an
 * unknown token, and 503 if DynamoDB cannot be reached. `token_type_hint` is not needed.
 */
revocationRoutes.post('/v1/revoke', async (c) => {
  const deps = depsOf(c)
  const { token } = parseParameters(TokenParameter(), await readOAuthParameters(c))
  const named = await readEitherToken(deps, token)
  const ended = named !== null && (await endNamed(deps, named))
  deps.log.event('session_ended', {
    outcome: ended ? 'ok' : 'nothing',
    userId: named?.userId,
    sessionId: named?.sessionId,
  })
  return empty(c, 200)
})

type ResourceServerEnv = AppEnv & { Variables: { resourceServer: string } }

/** For back ends with their own credentials (HTTP Basic, RESOURCE_SERVERS). */
export const introspectionRoutes = new RouteGroup<ResourceServerEnv>(
  'resource_server',
  'oauth',
  async (c, next) => {
    c.set('resourceServer', await requireResourceServer(c))
    showTiming(c)
    await next()
  },
)

/** Introspection (RFC 7662 section 2). For any invalid token, the response is `{"active": false}`. */
introspectionRoutes.post('/v1/introspect', async (c) => {
  const deps = depsOf(c)
  const { token } = parseParameters(TokenParameter(), await readOAuthParameters(c))
  const named = await readEitherToken(deps, token)
  const active = named && (await describeActive(deps, named))
  deps.log.event('token_introspected', {
    outcome: active === null ? 'inactive' : 'active',
    resourceServer: c.get('resourceServer'),
    userId: named?.userId,
  })
  return json(c, active ?? { active: false })
})

/** HTTP Basic (RFC 7617). An unknown name takes the same time as a known one. */
async function requireResourceServer(c: AppContext): Promise<string> {
  const { name, secret } = readBasic(c)
  const servers = depsOf(c).config.RESOURCE_SERVERS ?? {}
  const expected = Object.hasOwn(servers, name) ? servers[name] : undefined
  const equal = await timingSafeEqualText(secret, expected ?? 'no such resource server')
  if (expected !== undefined && equal) return name
  throw new OAuthError('invalid_client', 'Valid resource server credentials are required.', {
    status: 401,
    headers: { 'WWW-Authenticate': 'Basic realm="introspection", charset="UTF-8"' },
  })
}
