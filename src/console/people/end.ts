import { latest, toSeconds } from '../../base/time.ts'
import { addressIdOf, addressKey } from '../../model/address.ts'
import { endEverySession } from '../../model/address-by-admin.ts'
import { newAuditId, putAudit } from '../../model/audit.ts'
import { endSession, sessionKey } from '../../model/session.ts'
import { markEnded } from '../../session/end.ts'
import { actorFields, actorId, actorRefused, liveActorParts, type Actor } from '../actor.ts'
import type { ConsoleDeps } from '../deps.ts'

/**
 * `absent`: the person has no such session, or never asked for a link. `own`: actors end their own sessions by signing
 * out. `actor`: the actor's session has ended.
 */
export type EndRefusal = 'absent' | 'own' | 'actor'
export type EndedFor = { ok: true } | { ok: false; reason: EndRefusal }

const refuse = (reason: EndRefusal): EndedFor => ({ ok: false, reason })

/** People end their own sessions by signing out. */
export const isOwn = (actor: Actor, email: string): boolean =>
  actor.kind === 'person' && actor.asking.email === email

/**
 * Ends one session of a person, in one transaction with its audit row. If the session has already ended, this does
 * nothing and succeeds, so a repeat after a lost response is not an error. Two round trips: the first one reads whose
 * session it is.
 */
export async function endSessionOf(
  deps: ConsoleDeps,
  actor: Actor,
  person: { email: string; userId?: string | undefined },
  sessionId: string,
  reason: string,
): Promise<EndedFor> {
  const { config, db, world, log } = deps
  const { email } = person
  if (isOwn(actor, email)) return refuse('own')
  const row = await db.get(sessionKey(config, sessionId))
  if (row?.tokenType !== 'session' || row.email !== email) return refuse('absent')
  const { userId } = row
  if (person.userId !== undefined && person.userId !== userId) return refuse('absent')
  if (row.revokedAt !== undefined) return { ok: true }

  const nowMs = world.now()
  const auditId = newAuditId(world)
  const why = { by: actorId(actor), reason: 'ended_by_company' } as const
  const { refused } = await db.transact({
    session: endSession(config, { sessionId, userId }, why, toSeconds(nowMs)),
    audit: putAudit(
      config,
      auditId,
      {
        email,
        action: 'person_session_ended',
        by: actor.name,
        reason,
        after: { sessionId, deviceName: row.deviceName },
      },
      nowMs,
    ),
    ...(await liveActorParts(config, actor, nowMs)),
  })
  if (refused === undefined) {
    log.event('person_session_ended', {
      outcome: 'ok',
      ...actorFields(actor),
      subjectId: userId,
      sessionId,
      auditId,
    })
    return { ok: true }
  }
  if (actorRefused(refused)) return refuse('actor')
  // Somebody else has ended it since.
  return { ok: true }
}

/**
 * Ends every session of a person and makes every link invalid, in one transaction with its audit row. As with a sign-out
 * everywhere, one time on the address row decides. The sessions' rows are marked afterwards, for the lists.
 * @param person.userId if the address has another user id by now, nothing ends.
 */
export async function endSessionsOf(
  deps: ConsoleDeps,
  actor: Actor,
  person: { email: string; userId?: string | undefined },
  reason: string,
): Promise<EndedFor> {
  const { config, db, world, log } = deps
  const { email } = person
  if (isOwn(actor, email)) return refuse('own')
  const addressId = await addressIdOf(email)
  let address = await db.get(addressKey(config, addressId))
  let nowMs = world.now()
  const auditId = newAuditId(world)
  for (;;) {
    const userId = address?.userId
    if (address === undefined || userId === undefined) return refuse('absent')
    if (person.userId !== undefined && person.userId !== userId) return refuse('absent')
    const { sessionsNotBefore, linksNotBefore } = address
    // Another Worker, whose clock is ahead, has already ended sessions: end all until its time.
    nowMs = latest(nowMs, sessionsNotBefore ?? nowMs, linksNotBefore ?? nowMs)
    const { refused } = await db.transact({
      address: endEverySession(config, addressId, userId, nowMs),
      audit: putAudit(
        config,
        auditId,
        { email, action: 'person_sessions_ended', by: actor.name, reason, after: { userId } },
        nowMs,
      ),
      ...(await liveActorParts(config, actor, world.now())),
    })
    if (refused === undefined) {
      markAll(deps, userId, actorId(actor), nowMs)
      log.event('person_sessions_ended', {
        outcome: 'ok',
        ...actorFields(actor),
        subjectId: userId,
        auditId,
      })
      return { ok: true }
    }
    if (actorRefused(refused)) return refuse('actor')
    address = refused.address?.row
  }
}

function markAll(deps: ConsoleDeps, userId: string, by: string, untilMs: number): void {
  deps.background('sessions_marked', async (after) => {
    const why = { by, reason: 'ended_by_company' } as const
    const count = await markEnded(after, userId, why, (row) => row.openedAtMs <= untilMs)
    after.log.line('sessions_marked', { outcome: 'ok', userId, count })
  })
}
