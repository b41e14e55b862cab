import * as z from 'zod/mini'
import { lazily } from '../base/lazily.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { parseParameters } from '../http/read.ts'
import { textOf } from '../http/schema-parts.ts'
import { depsOf } from '../http/scope.ts'
import type { GrantHandler } from '../http/token-endpoint.ts'
import { refreshSession } from './refresh.ts'

const RefreshParameters = lazily(() => z.object({ refresh_token: textOf(0, 4096) }))

/** The refresh grant (RFC 6749 section 6). The refresh token is the session JWT. */
export const refreshGrant: GrantHandler = async (c, parameters, jkt) => {
  const input = parseParameters(RefreshParameters(), parameters)
  const { log } = depsOf(c)
  const refreshed = await refreshSession(depsOf(c), input.refresh_token, jkt)
  const { userId, sessionId } = refreshed.session ?? {}
  if (refreshed.ok) {
    log.event('session_refreshed', { outcome: 'ok', userId, sessionId })
    return refreshed
  }
  const { reason } = refreshed
  log.event('session_refreshed', { outcome: 'refused', reason, userId, sessionId })
  // The session may still be live, and a client treats invalid_grant as its end.
  if (reason === 'no_proof') {
    throw new OAuthError(
      'invalid_dpop_proof',
      'This session is bound to a key. Send a DPoP proof with that key.',
    )
  }
  throw new OAuthError('invalid_grant', 'The session has ended or does not exist. Sign in again.')
}
