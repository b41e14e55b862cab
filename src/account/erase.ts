import { toSeconds } from '../base/time.ts'
import type { Deps } from '../http/deps.ts'
import { isSignedInWithin } from '../http/session-guard.ts'
import { deleteRequest, requestIdOf } from '../model/access-request.ts'
import { addressIdOf } from '../model/address.ts'
import { forgetOwnIdentity, whyEndedHere } from '../model/address-ends.ts'
import { requireApproval } from '../model/approval.ts'
import { newAuditId, putAudit } from '../model/audit.ts'
import {
  judgeSession,
  readSessionRows,
  type AskingSession,
  type SessionRefusal,
  type SessionRows,
} from '../model/live-session.ts'
import { scrub, scrubLater } from '../model/scrub.ts'
import { requireLive } from '../model/session.ts'

/** To delete their account, a person needs a sign-in that is at most this old. */
export const RECENT_SECONDS = 5 * 60

/** `stale`: the sign-in is too old. `busy`: the rows changed while they were judged. */
export type EraseRefusal = SessionRefusal | 'stale' | 'busy'
/** `again`: the account had already been deleted. */
export type Erased = { ok: true; again: boolean } | { ok: false; reason: EraseRefusal }

/**
 * Deletes the account of the person who asks. First one transaction removes the identity, so that every session and
 * link is dead at once. Then their rows are deleted, before the response: if that fails, the response is 503, and a
 * repeat continues. A last pass after the response finds the rows that the index did not list yet.
 */
export async function eraseAccount(deps: Deps, asking: AskingSession): Promise<Erased> {
  const { config, db, world } = deps
  const { email, userId } = asking
  const recent = isSignedInWithin(asking.openedAtMs, RECENT_SECONDS, world.now())
  const again = !recent || !(await forget(deps, asking))
  let only: string | undefined
  if (again) {
    const rows = await readSessionRows(db, config, asking)
    if (!isErased(asking, rows)) {
      const verdict = judgeSession(config, rows, asking, world.now())
      const live = recent ? 'busy' : 'stale'
      return { ok: false, reason: verdict.ok ? live : verdict.reason }
    }
    only = rows.address?.userId === undefined ? undefined : userId
  }
  const left = { email, only, approval: false }
  let count = 0
  // Also after a failure: the person may not send the request again.
  deps.background('person_scrubbed', async (after) => {
    const more = await scrubLater(after, left)
    after.log.line('person_scrubbed', { outcome: 'ok', count: count + more })
  })
  count = await scrub(deps, left)
  return { ok: true, again }
}

/** @returns false if the session is not live. */
async function forget({ config, db, world }: Deps, asking: AskingSession): Promise<boolean> {
  const nowMs = world.now()
  const now = toSeconds(nowMs)
  const { email } = asking
  const [addressId, requestId] = await Promise.all([addressIdOf(email), requestIdOf(email)])
  const { refused } = await db.transact({
    approval: requireApproval(config, email, now),
    address: forgetOwnIdentity(config, addressId, asking, nowMs),
    session: requireLive(config, asking, now),
    request: deleteRequest(config, requestId),
    // It says that somebody deleted their account, and not who.
    audit: putAudit(config, newAuditId(world), { action: 'person_erased', by: 'self' }, nowMs),
  })
  return refused === undefined
}

/**
 * Whether the person of an access token was erased. Only an erasure removes the user id of an address that has signed
 * in. So the token itself is the evidence, and nothing of the person must be kept to recognise a repeat.
 */
const isErased = (asking: AskingSession, { session, address }: SessionRows): boolean =>
  whyEndedHere(asking, address) === 'identity_gone' &&
  // Not deleted yet, if it is still there.
  (session === undefined || (session.userId === asking.userId && session.email === asking.email))
