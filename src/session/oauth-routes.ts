import { Hono } from 'hono/tiny'
import * as z from 'zod/mini'
import { parseParameters, readOAuthParameters, type AppEnv } from '../http/read.ts'
import { introspect, readEitherToken } from './introspect.ts'
import { revokeOne } from './end.ts'

export const oauthRoutes = new Hono<AppEnv>()

const RevokeParameters = z.lazy(() => z.object({ token: z.string().check(z.maxLength(4096)) }))

/**
 * Revocation (RFC 7009 section 2): an access token or a session JWT ends its session. Always 200, also for
 * a token that is none; 503 when it could not be done. `token_type_hint` is not needed.
 */
oauthRoutes.post('/v1/revoke', async (c) => {
  const { deps } = c.var
  const { token } = parseParameters(RevokeParameters, await readOAuthParameters(c))
  const named = await readEitherToken(deps, token)
  const ended = named !== null && (await revokeOne(deps, named))
  deps.log.event('session_revoked', {
    outcome: ended ? 'ok' : 'nothing',
    userId: named?.userId,
    sessionId: named?.sessionId,
  })
  return c.body(null, 200)
})

oauthRoutes.post('/v1/introspect', async (c) => c.json(await introspect(c)))
