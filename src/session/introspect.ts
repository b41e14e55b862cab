import type { Deps } from '../http/deps.ts'
import { judgeSession, readSessionRows } from '../model/live-session.ts'
import { standingOf } from '../model/session.ts'
import type { NamedByToken } from './either-token.ts'

/**
 * The introspection response for a token (RFC 7662 section 2.2). It reads the rows, so it shows at once when a
 * session has ended.
 * @returns null for a token that is not active, whatever the reason.
 */
export async function describeActive(
  { config, db, world }: Deps,
  named: NamedByToken,
): Promise<Record<string, unknown> | null> {
  const rows = await readSessionRows(db, config, named)
  const verdict = judgeSession(config, rows, named, world.now())
  if (!verdict.ok) return null
  const common = {
    active: true,
    iss: config.ISSUER,
    sub: named.userId,
    username: named.email,
    sid: named.sessionId,
  }
  if (named.kind === 'access_token') {
    const { aud, client_id, exp, iat, jti, cnf } = named.claims
    const token_type = cnf === undefined ? 'Bearer' : 'DPoP'
    return { ...common, token_type, aud, client_id, exp, iat, jti, cnf }
  }
  // A session JWT is active if a refresh would accept it.
  const standing = standingOf(named.claims, verdict.session)
  if (standing !== 'current' && standing !== 'answer_lost') return null
  const { expiresAt, jkt } = named.claims
  return {
    ...common,
    // Not Bearer, so that a resource server that checks nothing else does not accept it as an access token.
    token_type: 'refresh_token',
    aud: config.ISSUER,
    exp: expiresAt,
    cnf: jkt === undefined ? undefined : { jkt },
  }
}
