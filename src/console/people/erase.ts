import { deleteRequest, requestIdOf } from '../../model/access-request.ts'
import { addressIdOf, addressKey } from '../../model/address.ts'
import { forgetIdentity } from '../../model/address-by-admin.ts'
import { approvalKey } from '../../model/approval.ts'
import { newAuditId, putAudit } from '../../model/audit.ts'
import { deleteApproval, isShutOut } from '../../model/erasure.ts'
import { scrub, scrubLater } from '../../model/scrub.ts'
import { actorFields, actorRefused, liveActorParts, type Actor } from '../actor.ts'
import type { ConsoleDeps } from '../deps.ts'
import { isOwn } from './end.ts'

export type Erasure = {
  email: string
  /** Erases only this person, not a later owner of the address. */
  userId?: string | undefined
  reason: string
  /** Whether to delete the approval too. */
  approval: boolean
}

/**
 * `shut_out`: the approval row shuts out a company address. It must stay, because without it the address could sign in.
 * `own`, `actor`: as for ending sessions.
 */
export type EraseRefusal = 'own' | 'actor' | 'shut_out' | 'busy'
export type Erased = { ok: true } | { ok: false; reason: EraseRefusal }

const TRIES = 3

/**
 * Erases a person. The first step is one transaction. The address row loses its identity, which ends every session and
 * link at once. The access request is deleted, and if the caller wants it, the approval. An audit row says that a person
 * was erased, and not which person. Then the person's other rows are deleted in the background. The person has no access
 * even while those rows exist, so an interrupted erasure is safe. The same request again continues it: it deletes the
 * rows with another identity than the address row's.
 *
 * Two round trips. The budget of a phone number stays for its two days: it holds times and a keyed hash, and no number.
 */
export async function erasePerson(
  deps: ConsoleDeps,
  actor: Actor,
  erasure: Erasure,
): Promise<Erased> {
  const { config, db, world, log } = deps
  const { email, reason } = erasure
  if (isOwn(actor, email)) return { ok: false, reason: 'own' }
  const [addressId, requestId] = await Promise.all([addressIdOf(email), requestIdOf(email)])
  const auditId = newAuditId(world)
  for (let tries = 1; tries <= TRIES; tries++) {
    const { address, approval } = await db.batchGet({
      address: addressKey(config, addressId),
      approval: approvalKey(config, email),
    })
    const nowMs = world.now()
    const known = address?.userId
    const isOther = erasure.userId !== undefined && erasure.userId !== known
    const userId = isOther ? undefined : known
    const approvalToo = erasure.approval && !isOther && approval !== undefined
    if (approvalToo && isShutOut(config, approval)) return { ok: false, reason: 'shut_out' }

    const { refused } = await db.transact({
      address: userId === undefined ? undefined : forgetIdentity(config, addressId, userId, nowMs),
      request: isOther ? undefined : deleteRequest(config, requestId),
      approval: approvalToo ? deleteApproval(config, email) : undefined,
      audit:
        userId === undefined && !approvalToo
          ? undefined
          : putAudit(
              config,
              auditId,
              { action: 'person_erased', by: actor.name, reason, after: { approval: approvalToo } },
              nowMs,
            ),
      ...(await liveActorParts(config, actor, nowMs)),
    })
    if (refused === undefined) {
      const outcome = userId === undefined && !approvalToo ? 'again' : 'ok'
      log.event('person_erased', { outcome, ...actorFields(actor), subjectId: userId, auditId })
      deps.background('person_scrubbed', async (after) => {
        const only = isOther ? erasure.userId : undefined
        const left = { email, only, approval: erasure.approval }
        const count = (await scrub(after, left)) + (await scrubLater(after, left))
        after.log.line('person_scrubbed', { outcome: 'ok', count })
      })
      return { ok: true }
    }
    if (actorRefused(refused)) return { ok: false, reason: 'actor' }
  }
  return { ok: false, reason: 'busy' }
}
