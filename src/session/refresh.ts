import { fromUtf8, utf8 } from '../base/encoding.ts'
import { toSeconds, type UnixMs } from '../base/time.ts'
import type { SessionClaims } from '../crypto/session-claims.ts'
import { signSessionJwt, verifySessionJwt } from '../crypto/session-jwt.ts'
import type { Deps } from '../http/deps.ts'
import type { IssuedSession } from '../http/token-endpoint.ts'
import { addressIdOf, addressKey } from '../model/address.ts'
import { approvalKey } from '../model/approval.ts'
import { judgeSession, type SessionRefusal } from '../model/live-session.ts'
import { endSession, rotateSession, standingOf } from '../model/session.ts'

export type RefreshRefusal =
  SessionRefusal | 'reused' | 'not_of_this_session' | 'wrong_key' | 'no_proof'
export type Refreshed =
  ({ ok: true } & IssuedSession) | { ok: false; reason: RefreshRefusal; session?: SessionClaims }

/**
 * Moves a session to the next generation, with two parallel calls: the conditional update of its row, and the read of
 * the two rows that the update cannot check. It returns tokens only if both allow it. If the read does not, the new
 * generation is harmless, because every use of the session checks the rows again.
 */
export async function refreshSession(
  deps: Deps,
  refreshToken: string,
  jkt: string | undefined,
): Promise<Refreshed> {
  const { config, db, seals, world } = deps
  const nowMs = world.now()
  const now = toSeconds(nowMs)
  const held = await verifySessionJwt(config, seals, refreshToken, nowMs)
  if (held === null) return { ok: false, reason: 'unknown' }
  const refuse = (reason: RefreshRefusal): Refreshed => ({ ok: false, reason, session: held })
  if (held.jkt !== undefined && jkt === undefined) return refuse('no_proof')
  if (held.jkt !== jkt) return refuse('wrong_key')

  const { expiresAt, ...claims } = held
  const next: SessionClaims = { ...claims, generation: held.generation + 1 }
  const [sessionJwt, addressId] = await Promise.all([
    signSessionJwt(config, seals, next, expiresAt, now),
    addressIdOf(held.email),
  ])
  const sealedJwt = await seals.seal('session-jwt', utf8(sessionJwt))
  const [rotated, others] = await Promise.all([
    db.update(rotateSession(config, held, sealedJwt, now)),
    db.batchGet({
      address: addressKey(config, addressId),
      approval: approvalKey(config, held.email),
    }),
  ])
  const verdict = judgeSession(config, { session: rotated.row, ...others }, held, nowMs)
  if (!verdict.ok) return refuse(verdict.reason)
  const row = verdict.session
  const same = {
    ok: true,
    expiresAt: row.expiresAt,
    dashboardId: row.metadata.dashboardId,
  } as const
  if (rotated.ok) return { ...same, session: next, sessionJwt }

  const standing = standingOf(held, row)
  if (standing === 'answer_lost') {
    const current = await seals.open('session-jwt', row.sessionJWT)
    if (current === null) return refuse('unknown')
    const session = { ...claims, generation: row.generation }
    return { ...same, session, sessionJwt: fromUtf8(current.bytes) }
  }
  if (standing === 'reused') {
    await endReused(deps, held, nowMs)
    return refuse('reused')
  }
  return refuse('not_of_this_session')
}

/** If several copies arrive at once, only one of them ends the session and writes the log line. */
async function endReused({ config, db, log }: Deps, held: SessionClaims, nowMs: UnixMs) {
  const why = { by: 'system', reason: 'reuse' } as const
  const { ok } = await db.update(endSession(config, held, why, toSeconds(nowMs)))
  if (!ok) return
  const { userId, sessionId } = held
  log.line('session_reuse_detected', { outcome: 'session_ended', userId, sessionId })
}
