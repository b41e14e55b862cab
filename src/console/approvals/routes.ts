import { toSeconds } from '../../base/time.ts'
import { Problem } from '../../http/problem.ts'
import { readJson, readQuery } from '../../http/read.ts'
import { json } from '../../http/scope.ts'
import { approvalKey, type ApprovalRow } from '../../model/approval.ts'
import type { ApprovalChange } from '../../model/approval-change.ts'
import { auditOf, isOfApproval } from '../../model/audit.ts'
import { requireLiveActor } from '../actor.ts'
import { consoleDepsOf, type ConsoleContext } from '../deps.ts'
import { emailInPath } from '../email-in-path.ts'
import { guardedRoutes } from '../guards.ts'
import { changeApproval, type Changed, type Precondition } from './change.ts'
import { describeApproval, describeChange, etagOf } from './describe.ts'
import { listApprovals, readApprovals } from './list.ts'
import { refusalOf } from './refusal.ts'
import { ApproveBody, ChangeBody, ListQuery, NoQuery, RestoreBody, WithdrawBody } from './schema.ts'

export const approvalReadRoutes = guardedRoutes('approvals:read')
export const approvalWriteRoutes = guardedRoutes('approvals:write')

approvalReadRoutes.get('/v1/approvals', async (c) => {
  const deps = consoleDepsOf(c)
  const query = readQuery(c, ListQuery())
  const [all] = await Promise.all([readApprovals(deps), requireLiveActor(c)])
  const page = await listApprovals(deps, c.get('actor'), all, query)
  if (page === null) {
    const errors = [{ pointer: '#/cursor', detail: 'is not a valid cursor for this list' }]
    throw new Problem('invalid_request', { errors })
  }
  const now = toSeconds(deps.world.now())
  const approvals = await Promise.all(page.rows.map((row) => describeApproval(row, now)))
  const { total, counts, nextCursor } = page
  return json(c, { approvals, total, counts, nextCursor })
})

/** One approval, with its history: who changed it, when and why, newest first. */
approvalReadRoutes.get('/v1/approvals/:email', async (c) => {
  readQuery(c, NoQuery())
  const { config, db, world } = consoleDepsOf(c)
  const email = emailInPath(c)
  const [row, audit] = await Promise.all([
    db.get(approvalKey(config, email)),
    db.query(auditOf(config, email)),
    requireLiveActor(c),
  ])
  if (row === undefined) throw new Problem('not_found')
  const history = audit.rows
    .filter(isOfApproval)
    .toSorted((a, b) => b.changedAtMs - a.changedAtMs)
    .map(describeChange)
  const approval = await describeApproval(row, toSeconds(world.now()))
  return json(c, { approval, history }, 200, { ETag: approval.etag })
})

/** Approves an address that has no approval, or one that has expired or was withdrawn. */
approvalWriteRoutes.post('/v1/approvals', async (c) => {
  readQuery(c, NoQuery())
  const { email, ...content } = await readJson(c, ApproveBody())
  const change = { action: 'approve', content } as const
  const changed = await changeApproval(consoleDepsOf(c), c.get('actor'), email, undefined, change)
  return changedAnswer(c, changed, email)
})

/** Changes the members in the body. To extend an approval, send a later `expiresAt`. */
approvalWriteRoutes.on('PATCH', '/v1/approvals/:email', async (c) => {
  const content = await readJson(c, ChangeBody())
  const named = Object.entries(content).filter(([, value]) => value !== undefined)
  return changeRead(c, { action: 'change', content: Object.fromEntries(named) })
})

/** Withdraws an approval: the sessions of the address end at their next use. It also shuts out a company address. */
approvalWriteRoutes.post('/v1/approvals/:email/withdraw', async (c) => {
  const { reason } = await readJson(c, WithdrawBody())
  return changeRead(c, { action: 'withdraw', reason })
})

/** Restores a withdrawn approval, with a new end if the body has one. */
approvalWriteRoutes.post('/v1/approvals/:email/restore', async (c) => {
  const { expiresAt } = await readJson(c, RestoreBody())
  return changeRead(c, { action: 'restore', expiresAt })
})

/** Changes the approval that the caller read and identified by `If-Match`. */
async function changeRead(c: ConsoleContext, change: ApprovalChange): Promise<Response> {
  readQuery(c, NoQuery())
  const deps = consoleDepsOf(c)
  const { config, db } = deps
  const actor = c.get('actor')
  const email = emailInPath(c)
  const [row] = await Promise.all([db.get(approvalKey(config, email)), requireLiveActor(c)])
  const precondition = await preconditionOf(c, row)
  const changed = await changeApproval(deps, actor, email, row, change, { precondition })
  return changedAnswer(c, changed, email)
}

/** Checks `If-Match` when there is a row, and `If-None-Match: *` when there is none (RFC 9110 section 13.1). */
async function preconditionOf(
  c: ConsoleContext,
  row: ApprovalRow | undefined,
): Promise<Precondition> {
  const ifMatch = c.req.header('If-Match')
  if (ifMatch !== undefined) {
    if (row === undefined) return 'failed'
    const tags = ifMatch.split(',').map((tag) => tag.trim())
    return tags.includes('*') || tags.includes(await etagOf(row)) ? 'holds' : 'failed'
  }
  if (c.req.header('If-None-Match')?.trim() !== '*') return 'missing'
  return row === undefined ? 'holds' : 'failed'
}

async function changedAnswer(c: ConsoleContext, changed: Changed, email: string) {
  if (!changed.ok) throw await refusalOf(c, changed)
  const now = toSeconds(consoleDepsOf(c).world.now())
  const approval = await describeApproval(changed.row, now)
  const headers = { ETag: approval.etag }
  if (changed.event !== 'approval_created') return json(c, { approval }, 200, headers)
  const Location = `/v1/approvals/${encodeURIComponent(email)}`
  return json(c, { approval }, 201, { ...headers, Location })
}
