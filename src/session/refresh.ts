import { approvalKey, type ApprovalRow } from '../model/approval.ts'
import { fromUtf8, utf8 } from '../base/encoding.ts'
import { signSessionJwt, verifySessionJwt, type SessionClaims } from '../crypto/jwt.ts'
import type { Deps } from '../http/deps.ts'
import { userKey, type UserRow } from '../model/address.ts'
import type { Granted } from '../http/grant.ts'
import { toSeconds } from '../base/world.ts'
import { judgeSession, type SessionRefusal, type SessionRows } from '../model/judge.ts'
import { rotateSession, revokeSession, type SessionRow } from '../model/session.ts'

export type RefreshRefusal = SessionRefusal | 'reuse' | 'wrong_key' | 'no_proof'
export type Refreshed =
  ({ ok: true } & Granted) | { ok: false; reason: RefreshRefusal; session?: SessionClaims }

/**
 * Moves a session on by one generation, in one wave of two calls: the conditional update of its row, and
 * beside it the rows that the update cannot see. It is answered only when both agree. A rotation whose
 * check failed harms nobody: every use is judged anew.
 *
 * A session JWT that is one generation behind means that its answer was lost: the current one is
 * given out again, however late. Older than that, it was copied, and the session ends; a session bound to a
 * key cannot be copied without it, so its holder is given the current one.
 */
export async function refreshSession(
  deps: Deps,
  refreshToken: string,
  jkt: string | undefined,
): Promise<Refreshed> {
  const { config, keys, seals, world } = deps
  const nowMs = world.now()
  const now = toSeconds(nowMs)
  const held = await verifySessionJwt(config, keys, refreshToken, nowMs)
  if (held === null) return { ok: false, reason: 'unknown' }
  if (held.jkt !== undefined && jkt === undefined) {
    return { ok: false, reason: 'no_proof', session: held }
  }
  if (held.jkt !== jkt) return { ok: false, reason: 'wrong_key', session: held }

  const { expiresAt, ...claims } = held
  const next: SessionClaims = { ...claims, generation: held.generation + 1 }
  const sessionJwt = await signSessionJwt(config, keys, next, expiresAt, now)
  const sealedJwt = await seals.seal('session-jwt', utf8(sessionJwt))
  const [rotated, [user, approval]] = await Promise.all([
    deps.db.update(rotateSession(config, held, sealedJwt, now)),
    deps.db.batchGet([userKey(config, held.userId), approvalKey(config, held.email)]),
  ])
  const rows: SessionRows = {
    session: rotated.item as SessionRow | undefined,
    user: user as UserRow | undefined,
    approval: approval as ApprovalRow | undefined,
  }
  const verdict = judgeSession(config, rows, nowMs)
  if (!verdict.ok) return { ok: false, reason: verdict.reason, session: held }
  const row = verdict.session
  const granted = {
    ok: true,
    expiresAt: row.expiresAt,
    dashboardId: row.metadata.dashboardId,
  } as const
  if (rotated.ok) return { ...granted, session: next, sessionJwt }

  if (row.userId !== held.userId || row.dpopJkt !== held.jkt) {
    return { ok: false, reason: 'unknown', session: held }
  }
  const behind = row.generation - held.generation
  if (behind === 1 || (behind > 1 && held.jkt !== undefined)) {
    const current = await seals.open('session-jwt', row.sessionJWT)
    if (current !== null) {
      const session = { ...claims, generation: row.generation }
      return { ...granted, session, sessionJwt: fromUtf8(current.bytes) }
    }
  }
  if (behind > 1) await endReused(deps, held, nowMs)
  return { ok: false, reason: behind > 1 ? 'reuse' : 'unknown', session: held }
}

/** Logged once, by whoever ended it, however many copies come at once. */
async function endReused(deps: Deps, held: SessionClaims, nowMs: number): Promise<void> {
  const why = { by: 'system', reason: 'reuse' } as const
  const { ok } = await deps.db.update(revokeSession(deps.config, held, why, toSeconds(nowMs)))
  if (!ok) return
  const { userId, sessionId } = held
  deps.log.line('session_reuse_detected', { outcome: 'session_ended', userId, sessionId })
}
