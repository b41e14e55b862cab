import { latest, toSeconds, unixMs, type UnixMs } from '../../base/time.ts'
import type { Event, Fields } from '../../base/log.ts'
import { addressIdOf, addressKey, requireNoAccount } from '../../model/address.ts'
import { endSessionsOfAddress } from '../../model/address-by-admin.ts'
import type { ApprovalRow } from '../../model/approval.ts'
import {
  contentOf,
  isDone,
  replaceApproval,
  rowAfter,
  type ApprovalChange,
} from '../../model/approval-change.ts'
import { whyNotChange, type ChangeRefusal, type Editor } from '../../model/approval-rules.ts'
import { newAuditId, putAudit } from '../../model/audit.ts'
import { markEnded } from '../../session/end.ts'
import {
  actorFields,
  actorId,
  actorRefused,
  isRecent,
  liveActorParts,
  type Actor,
} from '../actor.ts'
import type { ConsoleConfig } from '../config.ts'
import type { ConsoleDeps } from '../deps.ts'

export type ApprovalEvent = Extract<
  Event,
  | 'approval_created'
  | 'approval_changed'
  | 'approval_extended'
  | 'approval_withdrawn'
  | 'approval_restored'
>

/** Whether the entity tag of the request (`If-Match`) is that of the row that the caller read. */
export type Precondition = 'holds' | 'failed' | 'missing'

/**
 * `actor`: the caller's session has ended. `changed`: the row is no longer as the caller read it. `unconditional`:
 * the request has no `If-Match`, so it does not say what the caller read.
 */
export type Changed =
  | { ok: true; row: ApprovalRow; event: ApprovalEvent | null }
  | {
      ok: false
      reason: ChangeRefusal | 'changed' | 'unconditional' | 'actor'
      row?: ApprovalRow | undefined
    }

/** What the rules in model/approval-rules.ts need to know about the actor. */
export const editorOf = (config: ConsoleConfig, actor: Actor, nowMs: UnixMs): Editor => ({
  name: actor.name,
  maxSeconds:
    actor.kind === 'person' && actor.role === 'approver' ? config.APPROVER_MAX_DAYS * 86_400 : null,
  recent: isRecent(actor, nowMs),
})

/**
 * A new approval is tried without a read: its condition is that no row exists. If a row exists, DynamoDB returns it,
 * and the rules decide again with that row.
 */
const TRIES = 3

/**
 * Changes an approval in one transaction, which also writes the audit row and requires that the actor's session has
 * not ended.
 * @param row as it was read. Undefined if there is none, or if it was not read.
 * @param options.judged whether this request already checked the actor's session: an import checks it once for all
 *   lines.
 * @param options.precondition checked after all other rules (RFC 9110 section 13.2.1). It is not checked for a change
 *   that is already done, so a caller who repeats a request after a lost response gets the same response.
 * @param options.say writes the event: to the request's own line (the default), or to a separate line.
 */
export async function changeApproval(
  deps: ConsoleDeps,
  actor: Actor,
  email: string,
  row: ApprovalRow | undefined,
  change: ApprovalChange,
  options: {
    judged?: boolean
    precondition?: Precondition
    say?: (event: Event, fields: Fields) => void
  } = {},
): Promise<Changed> {
  const { config, db, world, log } = deps
  const { judged = false, precondition = 'holds', say = log.event } = options
  const addressId = await addressIdOf(email)
  let before = row
  let endedUntilMs = unixMs(0)
  for (let tries = 1; ; tries++) {
    const nowMs = world.now()
    const now = toSeconds(nowMs)
    if (
      precondition !== 'missing' &&
      isDone(before, change, actor.name, precondition === 'failed')
    ) {
      return { ok: true, row: before!, event: null }
    }
    const editor = editorOf(config, actor, nowMs)
    const reason = whyNotChange(config, email, before, change, editor, now)
    if (reason !== null) return { ok: false, reason, row: before }
    if (precondition === 'missing') return { ok: false, reason: 'unconditional', row: before }
    if (precondition === 'failed') return { ok: false, reason: 'changed', row: before }

    const after = rowAfter(email, before, change, actor.name, now)
    const event = eventOf(before, after, change)
    const auditId = newAuditId(world)
    const why = change.action === 'withdraw' ? change.reason : contentOf(after).reason
    const audit = {
      email,
      action: event,
      by: actor.name,
      reason: why ?? undefined,
      before: before === undefined ? null : described(before),
      after: described(after),
    }
    const endsSessions = after.revokedAt != null || before?.revokedAt != null
    const untilMs = latest(nowMs, endedUntilMs)
    // An account can be older than its approval: its domain was once the company's, or the row was deleted by hand.
    const needsNewAccount =
      editor.maxSeconds !== null && before === undefined && contentOf(after).phoneNumber !== null
    const { refused } = await db.transact({
      approval: replaceApproval(config, before, after),
      audit: putAudit(config, auditId, audit, nowMs),
      // A withdrawal ends the sessions for good: restoring the approval must not revive the session of a stolen phone.
      // A restored row may have been withdrawn by hand, which ended nothing on the address row.
      address: endsSessions
        ? endSessionsOfAddress(config, addressId, untilMs)
        : needsNewAccount
          ? requireNoAccount(config, addressId)
          : undefined,
      ...(judged ? {} : await liveActorParts(config, actor, nowMs)),
    })
    if (refused === undefined) {
      say(event, { outcome: 'ok', ...actorFields(actor), auditId })
      if (endsSessions) markSessions(deps, addressId, actorId(actor), untilMs)
      return { ok: true, row: after, event }
    }
    if (actorRefused(refused)) return { ok: false, reason: 'actor' }
    if (needsNewAccount && refused.approval === undefined && refused.address !== undefined) {
      return { ok: false, reason: 'phone_number' }
    }
    if (refused.approval === undefined && refused.address !== undefined && tries < TRIES) {
      // Another Worker's clock is ahead of this one's. End all sessions until its time.
      const { sessionsNotBefore, linksNotBefore } = refused.address.row ?? {}
      endedUntilMs = latest(sessionsNotBefore ?? nowMs, linksNotBefore ?? nowMs)
      continue
    }
    const seen = refused.approval?.row
    // Only an approval that was tried without a read may be decided again. For every other change, the caller decided
    // based on a row that has since changed.
    if (row !== undefined || change.action !== 'approve' || tries === TRIES) {
      return { ok: false, reason: 'changed', row: seen }
    }
    before = seen
  }
}

/** Marks the rows of the sessions that a withdrawal ended, so that lists say who ended them. Nothing depends on it. */
function markSessions(deps: ConsoleDeps, addressId: string, by: string, untilMs: UnixMs): void {
  deps.background('sessions_marked', async (after) => {
    const userId = (await after.db.get(addressKey(after.config, addressId)))?.userId
    if (userId === undefined) return
    const why = { by, reason: 'ended_by_company' } as const
    const count = await markEnded(after, userId, why, (row) => row.openedAtMs <= untilMs)
    after.log.line('sessions_marked', { outcome: 'ok', userId, count })
  })
}

/** An approval as shown in an audit row, in `before` and `after`. */
export const described = (row: ApprovalRow) => ({
  ...contentOf(row),
  withdrawn: row.revokedAt != null,
})

function eventOf(
  before: ApprovalRow | undefined,
  after: ApprovalRow,
  { action }: ApprovalChange,
): ApprovalEvent {
  if (action === 'approve') return 'approval_created'
  if (action === 'withdraw') return 'approval_withdrawn'
  if (action === 'restore') return 'approval_restored'
  const was = contentOf(before)
  const is = contentOf(after)
  const later = was.expiresAt !== null && (is.expiresAt === null || is.expiresAt > was.expiresAt)
  const sameOtherwise =
    JSON.stringify({ ...was, expiresAt: null }) === JSON.stringify({ ...is, expiresAt: null })
  return later && sameOtherwise ? 'approval_extended' : 'approval_changed'
}
