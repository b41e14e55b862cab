import { addressIdOf, addressKey } from '../../model/address.ts'
import { newAuditId, putAudit } from '../../model/audit.ts'
import { allowMail, refusalOf } from '../../model/mail-refusal.ts'
import { actorFields, actorRefused, liveActorParts, type Actor } from '../actor.ts'
import type { ConsoleDeps } from '../deps.ts'
import { isOwn, type EndedFor } from './end.ts'

/**
 * Sends emails to an address again whose mailbox refused one, in one transaction with its audit row. If emails are
 * allowed already, this does nothing and succeeds, so that a repeat after a lost answer is no error. Two round trips.
 * @param person.userId allows them only if the address is still this person's.
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
  const isOther = person.userId !== undefined && person.userId !== address?.userId
  if (address?.userId === undefined || isOther) return { ok: false, reason: 'absent' }
  const before = refusalOf(address)
  if (before === null) return { ok: true }
  const nowMs = world.now()
  const auditId = newAuditId(world)
  const { refused } = await db.transact({
    address: allowMail(config, addressId, nowMs),
    audit: putAudit(
      config,
      auditId,
      { email, action: 'mail_allowed', by: actor.name, reason, before },
      nowMs,
    ),
    ...(await liveActorParts(config, actor, nowMs)),
  })
  if (refused === undefined) {
    const { userId: subjectId } = address
    log.event('mail_allowed', { outcome: 'ok', ...actorFields(actor), subjectId, auditId })
    return { ok: true }
  }
  if (actorRefused(refused)) return { ok: false, reason: 'actor' }
  // Somebody else has allowed them in between.
  return { ok: true }
}
