import { Hono } from 'hono/tiny'
import * as z from 'zod/mini'
import { newDpopNonce, verifyDpopProof } from '../crypto/dpop.ts'
import { signAccessToken } from '../crypto/jwt.ts'
import type { Deps } from './deps.ts'
import { readOAuthParameters, type AppContext, type AppEnv } from './read.ts'
import { OAuthError } from './problem.ts'
import { toSeconds } from '../base/world.ts'
import type { Grant, Granted } from './grant.ts'

const GrantType = z.lazy(() => z.object({ grant_type: z.string() }))

/** The token endpoint (RFC 6749 section 3.2) over the grants that the app names. */
export function tokenRoutes(grants: Record<string, Grant>): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()
  routes.post('/v1/token', async (c) => {
    const parameters = await readOAuthParameters(c)
    const asked = GrantType.safeParse(parameters)
    if (!asked.success) throw new OAuthError('invalid_request', 'grant_type is missing')
    const grant = Object.hasOwn(grants, asked.data.grant_type)
      ? grants[asked.data.grant_type]
      : undefined
    if (grant === undefined) {
      throw new OAuthError('unsupported_grant_type', 'This grant_type is not known here.')
    }
    const jkt = await provenKey(c)
    const granted = await grant(c, parameters, jkt)
    return c.json(await tokenAnswer(c.var.deps, granted))
  })
  return routes
}

/** The key that a `DPoP` header proves (RFC 9449 section 5), or undefined when there is none and none is needed. */
export async function provenKey(c: AppContext): Promise<string | undefined> {
  const { config, seals, world } = c.var.deps
  const proof = c.req.header('DPoP')
  if (proof === undefined) {
    if (config.DPOP === 'required') {
      throw new OAuthError('invalid_dpop_proof', 'A DPoP proof is needed here.')
    }
    return undefined
  }
  const expected = { method: 'POST', url: `${config.ISSUER}${c.req.path}` }
  const verdict = await verifyDpopProof(seals, proof, expected, world.now())
  if (verdict.ok && !verdict.usedNonce) return verdict.jkt
  const nonce = await newDpopNonce(seals, world.now())
  c.header('DPoP-Nonce', nonce)
  if (verdict.ok) return verdict.jkt
  if (verdict.code === 'use_dpop_nonce') {
    throw new OAuthError('use_dpop_nonce', 'Put this nonce into the proof.', {
      headers: { 'DPoP-Nonce': nonce },
    })
  }
  throw new OAuthError('invalid_dpop_proof', 'The DPoP proof is not valid for this request.')
}

/** RFC 6749 section 5.1, with times relative and the server's own, so that a phone need not trust its clock. */
async function tokenAnswer(deps: Deps, granted: Granted) {
  const now = toSeconds(deps.world.now())
  const { session } = granted
  const { accessToken, expiresIn } = await signAccessToken(
    deps.config,
    deps.keys,
    deps.world,
    session,
    granted.expiresAt,
    now,
  )
  return {
    access_token: accessToken,
    token_type: session.jkt === undefined ? 'Bearer' : 'DPoP',
    expires_in: expiresIn,
    refresh_token: granted.sessionJwt,
    refresh_token_expires_in: granted.expiresAt - now,
    session_id: session.sessionId,
    user: { id: session.userId, email: session.email },
    ...(granted.dashboardId === undefined ? {} : { dashboard_id: granted.dashboardId }),
    server_time: now,
  }
}
