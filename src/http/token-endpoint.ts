import * as z from 'zod/mini'
import { lazily } from '../base/lazily.ts'
import { toSeconds, type UnixSeconds } from '../base/time.ts'
import { signAccessToken } from '../crypto/access-token.ts'
import type { SessionClaims } from '../crypto/session-claims.ts'
import type { Deps } from './deps.ts'
import { OAuthError } from './oauth-error.ts'
import { readProof } from './proof.ts'
import { readOAuthParameters } from './read.ts'
import { openRoutes, type RouteGroup } from './route-group.ts'
import { depsOf, json, showTiming, type AppContext } from './scope.ts'

/** A session that a grant opened or continued. */
export type IssuedSession = {
  session: SessionClaims
  sessionJwt: string
  expiresAt: UnixSeconds
  dashboardId?: string | undefined
}

/**
 * Handles one `grant_type`: it checks its own parameters and runs its journey.
 * @param jkt thumbprint of the key in the request's DPoP proof, if it has one.
 * @throws OAuthError for a refusal.
 */
export type GrantHandler = (
  c: AppContext,
  parameters: Record<string, unknown>,
  jkt: string | undefined,
) => Promise<IssuedSession>

const GrantType = lazily(() => z.object({ grant_type: z.string() }))

/**
 * The token endpoint (RFC 6749 section 3.2). Anyone may call it: the parameters of each grant prove the right to it.
 * @param handlers by `grant_type`.
 */
export function tokenRoutes(handlers: Record<string, GrantHandler>): RouteGroup {
  const group = openRoutes('oauth')
  group.post('/v1/token', async (c) => {
    const parameters = await readOAuthParameters(c)
    const asked = GrantType().safeParse(parameters)
    if (!asked.success) throw new OAuthError('invalid_request', 'grant_type is missing.')
    const { grant_type } = asked.data
    const handler = Object.hasOwn(handlers, grant_type) ? handlers[grant_type] : undefined
    if (handler === undefined) {
      throw new OAuthError('unsupported_grant_type', 'This grant_type is not supported.')
    }
    const issued = await handler(c, parameters, await provenKey(c))
    showTiming(c)
    return json(c, await tokenAnswer(depsOf(c), issued))
  })
  return group
}

/** The key of the proof (RFC 9449 section 5); undefined if there is no proof and none is required. */
async function provenKey(c: AppContext): Promise<string | undefined> {
  const proof = await readProof(c)
  if (proof.ok) return proof.jkt
  if (proof.code === 'no_proof' && depsOf(c).config.DPOP === 'optional') return undefined
  const { error, description } = PROOF_ERRORS[proof.code]
  throw new OAuthError(error, description)
}

const PROOF_ERRORS = {
  no_proof: { error: 'invalid_dpop_proof', description: 'A DPoP proof is required.' },
  use_dpop_nonce: {
    error: 'use_dpop_nonce',
    description: 'Repeat the request with the nonce from the DPoP-Nonce header in the proof.',
  },
  invalid_dpop_proof: {
    error: 'invalid_dpop_proof',
    description: 'The DPoP proof is not valid for this request.',
  },
} as const

/**
 * RFC 6749 section 5.1. Times are relative, and the server's time is included, because a phone's clock may be wrong.
 */
async function tokenAnswer({ config, keys, world }: Deps, issued: IssuedSession) {
  const now = toSeconds(world.now())
  const { session, sessionJwt, expiresAt, dashboardId } = issued
  const access = await signAccessToken(config, keys, world, session, expiresAt, now)
  return {
    access_token: access.accessToken,
    token_type: session.jkt === undefined ? 'Bearer' : 'DPoP',
    expires_in: access.expiresIn,
    refresh_token: sessionJwt,
    refresh_token_expires_in: expiresAt - now,
    session_id: session.sessionId,
    user: { id: session.userId, email: session.email },
    dashboard_id: dashboardId,
    server_time: now,
  }
}
