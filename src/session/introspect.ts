import * as z from 'zod/mini'
import { timingSafeEqualText } from '../base/encoding.ts'
import { verifyAccessToken, verifySessionJwt } from '../crypto/jwt.ts'
import type { Deps } from '../http/deps.ts'
import { parseParameters, readOAuthParameters, type AppContext } from '../http/read.ts'
import { OAuthError } from '../http/problem.ts'
import { readSessionRows } from './authenticate.ts'
import { judgeSession } from '../model/judge.ts'

const TokenParameter = z.lazy(() => z.object({ token: z.string().check(z.maxLength(4096)) }))

/** What an access token or a session JWT names, whichever of the two it is. */
export async function readEitherToken(deps: Deps, token: string) {
  const { config, keys, world } = deps
  const access = await verifyAccessToken(config, keys, token, world.now())
  if (access !== null) {
    const { sub: userId, sid: sessionId, email } = access
    return { kind: 'access', userId, sessionId, email, access } as const
  }
  const refresh = await verifySessionJwt(config, keys, token, world.now())
  if (refresh === null) return null
  const { userId, sessionId, email } = refresh
  return { kind: 'refresh', userId, sessionId, email, refresh } as const
}

/**
 * Introspection (RFC 7662 section 2) for resource servers. It looks at the rows, so that a revocation shows
 * at once; whatever is wrong with a token, the answer is `{"active": false}` and no more.
 */
export async function introspect(c: AppContext): Promise<Record<string, unknown>> {
  const { deps } = c.var
  const resourceServer = await requireResourceServer(c)
  const { token } = parseParameters(TokenParameter, await readOAuthParameters(c))
  const named = await readEitherToken(deps, token)
  const answer = named === null ? null : await describeLive(deps, named)
  const outcome = answer === null ? 'inactive' : 'active'
  deps.log.event('token_introspected', { outcome, resourceServer, userId: named?.userId })
  return answer ?? { active: false }
}

async function describeLive(
  deps: Deps,
  named: NonNullable<Awaited<ReturnType<typeof readEitherToken>>>,
): Promise<Record<string, unknown> | null> {
  const rows = await readSessionRows(deps, named)
  const verdict = judgeSession(deps.config, rows, deps.world.now())
  if (!verdict.ok) return null
  const common = {
    active: true,
    iss: deps.config.ISSUER,
    sub: named.userId,
    username: named.email,
    sid: named.sessionId,
  }
  if (named.kind === 'access') {
    const { aud, client_id, exp, iat, jti, cnf } = named.access
    const token_type = cnf === undefined ? 'Bearer' : 'DPoP'
    return { ...common, token_type, aud, client_id, exp, iat, jti, ...(cnf && { cnf }) }
  }
  const { generation, expiresAt, jkt } = named.refresh
  // One behind the row still refreshes, for a lost answer; older ones are spent.
  if (verdict.session.generation - generation > 1) return null
  // No Bearer: a resource server that looks at no more than this must not take it for an access token.
  return {
    ...common,
    token_type: 'refresh_token',
    aud: deps.config.ISSUER,
    exp: expiresAt,
    ...(jkt && { cnf: { jkt } }),
  }
}

/** HTTP Basic (RFC 7617) against RESOURCE_SERVERS; an unknown name costs what a known one does. */
async function requireResourceServer(c: AppContext): Promise<string> {
  const header = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(c.req.header('Authorization') ?? '')
  const [name = '', secret = ''] = decodeBasic(header?.[1] ?? '')
  const servers = c.var.deps.config.RESOURCE_SERVERS ?? {}
  const expected = Object.hasOwn(servers, name) ? servers[name] : undefined
  const equal = await timingSafeEqualText(secret, expected ?? 'no such resource server')
  if (expected !== undefined && equal) return name
  throw new OAuthError('invalid_client', 'Resource server credentials are needed here.', {
    status: 401,
    headers: { 'WWW-Authenticate': 'Basic realm="introspection", charset="UTF-8"' },
  })
}

/** Both parts are form-encoded inside (RFC 6749 section 2.3.1). */
function decodeBasic(credentials: string): string[] {
  try {
    const text = atob(credentials)
    const colon = text.indexOf(':')
    const parts = colon < 0 ? [text] : [text.slice(0, colon), text.slice(colon + 1)]
    return parts.map((part) => decodeURIComponent(part.replace(/\+/g, ' ')))
  } catch {
    return []
  }
}
