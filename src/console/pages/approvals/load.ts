import { EMAIL_INDEX } from '../../../base/tables.ts'
import { toSeconds, type UnixSeconds } from '../../../base/time.ts'
import {
  isWaiting,
  requestIdOf,
  requestKey,
  type AccessRequestRow,
} from '../../../model/access-request.ts'
import { addressIdOf, addressKey } from '../../../model/address.ts'
import { approvalKey, isApproved, isCompany, type ApprovalRow } from '../../../model/approval.ts'
import { type ApprovalChange } from '../../../model/approval-change.ts'
import { isColleague, whyNotChange } from '../../../model/approval-rules.ts'
import { auditOf, isOfApproval, type AuditRow } from '../../../model/audit.ts'
import { judgeSession } from '../../../model/live-session.ts'
import type { SessionRow } from '../../../model/session.ts'
import { requireLiveActor } from '../../actor.ts'
import { editorOf } from '../../approvals/change.ts'
import { consoleDepsOf, type ConsoleContext, type ConsoleDeps } from '../../deps.ts'
import { personOf } from '../show-page.ts'

/** What the reader may do to the approval, apart from the rule that the sign-in must be recent. */
export type May = {
  change: boolean
  withdraw: boolean
  restore: boolean
  /** Why the reader may do nothing, if the page says so. */
  why: 'own_address' | 'not_yours' | null
}

export type OneApproval = {
  email: string
  /** APP_NAME. */
  app: string
  row: ApprovalRow | undefined
  /** The request of the address, if a device still waits. */
  waiting: AccessRequestRow | undefined
  /** Whether the address may sign in. */
  approved: boolean
  company: boolean
  /** Newest first. */
  history: AuditRow[]
  may: May
  now: UnixSeconds
  maxSeconds: number | null
  /** Whether the reader may also see the person's page. */
  people: boolean
  /** Whether the reader may see the answers about a guest instead. */
  why: boolean
}

/** Reads an approval and its history, in parallel with the actor's own rows. */
export async function loadApproval(c: ConsoleContext, email: string): Promise<OneApproval> {
  const deps = consoleDepsOf(c)
  const { config, db, world } = deps
  const requestId = await requestIdOf(email)
  const [{ row, request }, audit] = await Promise.all([
    db.batchGet({ row: approvalKey(config, email), request: requestKey(config, requestId) }),
    db.query(auditOf(config, email)),
    requireLiveActor(c),
  ])
  const now = toSeconds(world.now())
  const history = audit.rows.filter(isOfApproval).toSorted((a, b) => b.changedAtMs - a.changedAtMs)
  const { maxSeconds } = editorOf(config, c.get('actor'), world.now())
  return {
    email,
    app: config.APP_NAME,
    row,
    waiting: isWaiting(request, now) ? request : undefined,
    approved: isApproved(config, email, row, now),
    company: isCompany(config, email),
    history,
    may: mayDo(c, email, row),
    now,
    maxSeconds,
    people: personOf(c).role === 'admin',
    why: personOf(c).role !== 'admin' && !isColleague(config, email),
  }
}

function mayDo(c: ConsoleContext, email: string, row: ApprovalRow | undefined): May {
  const { config, world } = consoleDepsOf(c)
  const nowMs = world.now()
  const editor = { ...editorOf(config, c.get('actor'), nowMs), recent: true }
  const refusal = (change: ApprovalChange) =>
    whyNotChange(config, email, row, change, editor, toSeconds(nowMs))
  const withdraw = refusal({ action: 'withdraw', reason: null })
  const restore = refusal({ action: 'restore' })
  // The form reports an end that is in the past or too late.
  const canRestore = restore === null || restore === 'past_end' || restore === 'too_long'
  const why = [withdraw, restore].find((one) => one === 'own_address' || one === 'not_yours')
  return {
    change: row !== undefined && withdraw === null,
    withdraw: withdraw === null,
    restore: canRestore,
    why: row === undefined || withdraw === null || canRestore ? null : (why ?? null),
  }
}

/** The live sessions, which end when the approval is withdrawn. Newest first. */
export async function loadEnding(
  c: ConsoleContext,
  email: string,
): Promise<{ one: OneApproval; sessions: SessionRow[] }> {
  const deps = consoleDepsOf(c)
  const { config, db, world } = deps
  const [one, address, rows] = await Promise.all([
    loadApproval(c, email),
    db.get(addressKey(config, await addressIdOf(email))),
    sessionRows(deps, email),
  ])
  const nowMs = world.now()
  const sessions = rows.filter((session) => {
    const named = { userId: session.userId, email }
    return judgeSession(config, { session, address, approval: one.row }, named, nowMs).ok
  })
  return { one, sessions }
}

/** The index is eventually consistent, so this only lists sessions. The approval row decides whether they end. */
const sessionRows = ({ config, db }: ConsoleDeps, email: string): Promise<SessionRow[]> =>
  db.queryAll<SessionRow>({
    TableName: config.TOKENS_TABLE,
    IndexName: EMAIL_INDEX,
    KeyConditionExpression: 'email = :email',
    FilterExpression: 'tokenType = :type',
    ExpressionAttributeValues: { ':email': email, ':type': 'session' },
    ScanIndexForward: false,
  })
