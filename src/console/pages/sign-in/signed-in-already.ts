import type { AppContext } from '../../../http/scope.ts'
import { judgeSession, readSessionRows } from '../../../model/live-session.ts'
import { isSignedInWithin } from '../../../http/session-guard.ts'
import { RECENT_SECONDS, roleOf, SESSION_SECONDS } from '../../actor.ts'
import { consoleDepsOf } from '../../deps.ts'
import { readCookie } from '../../session-cookie.ts'

/**
 * Whether this browser needs no sign-in: its session is live by its rows, and recent enough. This must refuse every
 * session that the pages refuse, because they would redirect here again.
 */
export async function signedInAlready(
  c: AppContext,
  recently: boolean,
): Promise<'enough' | 'not_enough'> {
  const { config, db, world } = consoleDepsOf(c)
  const asking = await readCookie(c)
  if (asking === null || roleOf(config, asking.email) === null) return 'not_enough'
  const seconds = recently ? RECENT_SECONDS : SESSION_SECONDS
  if (!isSignedInWithin(asking.openedAtMs, seconds, world.now())) return 'not_enough'
  const rows = await readSessionRows(db, config, asking)
  return judgeSession(config, rows, asking, world.now()).ok ? 'enough' : 'not_enough'
}
