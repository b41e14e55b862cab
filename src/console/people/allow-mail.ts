import { addressIdOf, addressKey } from '../../model/address.ts'
import { newAuditId, putAudit } from '../../model/audit.ts'
import { allowMail, refusalOf } from '../../model/mail-refusal.ts'
import { actorFields, actorRefused, liveActorParts, type Actor } from '../actor.ts'
import type { ConsoleDeps } from '../deps.ts'
import { isOwn, type EndedFor } from './end.ts'

/**
 * Allows emails to an address whose mailbox refused one, in one transaction with its audit row. If emails are already
 * allowed, this does nothing and succeeds, so a repeat after a lost response is not an error. Two round trips.
 * @param person.userId if the address has another user id by now, nothing changes.
 */
export async function allowMailTo(
  deps: ConsoleDeps,
  actor: Actor,
  person: { email: string; userId?: string | undefined },
  reason: string,
): Promise<EndedFor> {
  const { config, db, world, log } = deps
  const { email } = person
  if (isOwn(actor, email)) return { ok: false, reason: 'own' }
  const addressId = await addressIdOf(email)
  const address = await db.get(addressKey(config, addressId))
  const userId = address?.userId
  if (address === undefined || userId === undefined) return { ok: false, reason: 'absent' }
  if (person.userId !== undefined && person.userId !== userId)
    return { ok: false, reason: 'absent' }
  const before = refusalOf(address)
  if (before === null) return { ok: true }
  const nowMs = world.now()
  const auditId = newAuditId(world)
  const { refused } = await db.transact({
    address: allowMail(config, addressId, userId, nowMs),
    audit: putAudit(
      config,
      auditId,
      { email, action: 'mail_allowed', by: actor.name, reason, before },
      nowMs,
    ),
    ...(await liveActorParts(config, actor, nowMs)),
  })
  if (refused === undefined) {
    log.event('mail_allowed', { outcome: 'ok', ...actorFields(actor), subjectId: userId, auditId })
    return { ok: true }
  }
  if (actorRefused(refused)) return { ok: false, reason: 'actor' }
  // Somebody else has allowed them since, or erased the person.
  return refused.address?.row?.userId === userId ? { ok: true } : { ok: false, reason: 'absent' }
}
