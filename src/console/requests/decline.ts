import { toSeconds } from '../../base/time.ts'
import { decideRequest, isWaiting } from '../../model/access-request.ts'
import { newAuditId, putAudit } from '../../model/audit.ts'
import { actorFields, actorId, actorRefused, liveActorParts, type Actor } from '../actor.ts'
import type { ConsoleDeps } from '../deps.ts'
import { TRIES, type RequestRows } from './read.ts'

export type Declined = { ok: true } | { ok: false; reason: 'absent' | 'decided' | 'actor' | 'busy' }

/**
 * Declines a request, with an audit row. The request's row stays until it expires, so that another ask does not put the
 * address back into the queue. The person is not told: the public response is the same for every address.
 */
export async function declineRequest(
  deps: ConsoleDeps,
  actor: Actor,
  email: string,
  read: RequestRows,
  reason: string,
): Promise<Declined> {
  const { config, db, world, log } = deps
  let { request } = read
  for (let tries = 1; tries <= TRIES; tries++) {
    const nowMs = world.now()
    const now = toSeconds(nowMs)
    if (request === undefined || !isWaiting(request, now)) {
      if (request?.decided === undefined) return { ok: false, reason: 'absent' }
      return request.decided === 'declined' ? { ok: true } : { ok: false, reason: 'decided' }
    }
    const auditId = newAuditId(world)
    const decision = { decided: 'declined', by: actorId(actor) } as const
    const { refused } = await db.transact({
      request: decideRequest(config, request, decision, now),
      audit: putAudit(
        config,
        auditId,
        { email, action: 'request_declined', by: actor.name, reason },
        nowMs,
      ),
      ...(await liveActorParts(config, actor, nowMs)),
    })
    if (refused === undefined) {
      log.event('request_declined', { outcome: 'ok', ...actorFields(actor), auditId })
      return { ok: true }
    }
    if (actorRefused(refused)) return { ok: false, reason: 'actor' }
    request = refused.request?.row
  }
  return { ok: false, reason: 'busy' }
}
