import * as z from 'zod/mini'
import { parseParameters } from '../http/read.ts'
import { OAuthError } from '../http/problem.ts'
import type { Grant } from '../http/grant.ts'
import { refreshSession } from './refresh.ts'

const RefreshGrant = z.lazy(() => z.object({ refresh_token: z.string().check(z.maxLength(4096)) }))

/** The refresh grant (RFC 6749 section 6); the refresh token is the session JWT. */
export const refreshGrant: Grant = async (c, parameters, jkt) => {
  const input = parseParameters(RefreshGrant, parameters)
  const { log } = c.var.deps
  const refreshed = await refreshSession(c.var.deps, input.refresh_token, jkt)
  const { userId, sessionId } = refreshed.session ?? {}
  if (refreshed.ok) {
    log.event('session_refreshed', { outcome: 'ok', userId, sessionId })
    return refreshed
  }
  log.event('session_refreshed', {
    outcome: 'refused',
    reason: refreshed.reason,
    userId,
    sessionId,
  })
  // The session may well live: a client that takes invalid_grant for its end must not sign out for this.
  if (refreshed.reason === 'no_proof') {
    throw new OAuthError('invalid_dpop_proof', 'This session is bound to a key: send its proof.')
  }
  throw new OAuthError('invalid_grant', 'The session has ended, or never was. Sign in again.')
}
