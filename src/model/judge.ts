import { isApproved, type ApprovalRow } from './approval.ts'
import type { Config } from '../base/config.ts'
import type { UserRow } from './address.ts'
import { toSeconds } from '../base/world.ts'
import type { SessionRow } from './session.ts'

/** Why a session does not count. Only the log and the holder of its key are told. */
export type SessionRefusal = 'unknown' | 'revoked' | 'expired' | 'idle' | 'not_approved'

/** The three rows that decide about a session, as one consistent read brought them. */
export type SessionRows = {
  session: SessionRow | undefined
  user: UserRow | undefined
  approval: ApprovalRow | undefined
}

/** Whether a session lives at `nowMs`. TTL deletes rows days late, so every limit is looked at here. */
export function judgeSession(
  config: Config,
  rows: SessionRows,
  nowMs: number,
): { ok: true; session: SessionRow } | { ok: false; reason: SessionRefusal } {
  const { session, user, approval } = rows
  const now = toSeconds(nowMs)
  const no = (reason: SessionRefusal) => ({ ok: false, reason }) as const
  if (session?.tokenType !== 'session' || session.openedAtMs === undefined) return no('unknown')
  if (session.revokedAt !== undefined) return no('revoked')
  if (endedWithAll({ ...session, sessionId: session.tokenId }, user)) return no('revoked')
  if (session.expiresAt <= now) return no('expired')
  if (session.metadata.lastUsedAt + config.SESSION_IDLE_SECONDS <= now) return no('idle')
  if (!isApproved(config, session.email, approval, now)) return no('not_approved')
  return { ok: true, session }
}

/** Sign out everywhere is one number on the person's row, whatever the number of sessions. */
export const endedWithAll = (
  session: { sessionId: string; openedAtMs: number },
  user: UserRow | undefined,
): boolean =>
  user?.sessionsNotBefore !== undefined &&
  session.openedAtMs <= user.sessionsNotBefore &&
  session.sessionId !== user.keepSessionId
