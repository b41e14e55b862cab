import type { UnixSeconds } from '../base/time.ts'
import { verifyAccessToken, type AccessTokenClaims } from '../crypto/access-token.ts'
import type { SessionClaims } from '../crypto/session-claims.ts'
import { verifySessionJwt } from '../crypto/session-jwt.ts'
import type { Deps } from '../http/deps.ts'
import type { SessionName } from '../model/live-session.ts'

/** The session that an access token or a session JWT names. */
export type NamedByToken = SessionName &
  (
    | { kind: 'access_token'; claims: AccessTokenClaims }
    | { kind: 'session_jwt'; claims: SessionClaims & { expiresAt: UnixSeconds } }
  )

/** Reads a token of either kind (RFC 7009 and RFC 7662 accept both). @returns null for any other token. */
export async function readEitherToken(
  { config, keys, seals, world }: Deps,
  token: string,
): Promise<NamedByToken | null> {
  const nowMs = world.now()
  const access = await verifyAccessToken(config, keys, token, nowMs)
  if (access !== null) {
    const { sub: userId, sid: sessionId, email } = access
    return { kind: 'access_token', userId, sessionId, email, claims: access }
  }
  const claims = await verifySessionJwt(config, seals, token, nowMs)
  if (claims === null) return null
  const { userId, sessionId, email } = claims
  return { kind: 'session_jwt', userId, sessionId, email, claims }
}
