import { toSeconds } from '../../base/time.ts'
import { Problem } from '../../http/problem.ts'
import { readJson, readQuery } from '../../http/read.ts'
import { json } from '../../http/scope.ts'
import { requireLiveActor } from '../actor.ts'
import { describeApproval } from '../approvals/describe.ts'
import { readApprovals } from '../approvals/list.ts'
import { refusalOf } from '../approvals/refusal.ts'
import { consoleDepsOf, type ConsoleContext } from '../deps.ts'
import { emailInPath } from '../email-in-path.ts'
import { guardedRoutes } from '../guards.ts'
import { consoleProblem } from '../problem.ts'
import { approveRequest, type DecisionRefusal } from './approve.ts'
import { declineRequest } from './decline.ts'
import { describeRequest } from './describe.ts'
import { approvedAmong, pageOfQueue, readQueue } from './queue.ts'
import { readRequest } from './read.ts'
import { ApproveRequestBody, DeclineBody, endOf, NoQuery, QueueQuery } from './schema.ts'

export const requestReadRoutes = guardedRoutes('approvals:read')
export const requestWriteRoutes = guardedRoutes('approvals:write')

/** The waiting requests, the oldest first. */
requestReadRoutes.get('/v1/requests', async (c) => {
  const deps = consoleDepsOf(c)
  const query = readQuery(c, QueueQuery())
  const [all, approvals] = await Promise.all([
    readQueue(deps),
    readApprovals(deps),
    requireLiveActor(c),
  ])
  const page = await pageOfQueue(deps, c.get('actor'), all, query)
  if (page === null) {
    const errors = [{ pointer: '#/cursor', detail: 'is not a cursor of this list' }]
    throw new Problem('invalid_request', { errors })
  }
  const { rows, total, nextCursor } = page
  const approved = approvedAmong(deps, rows, approvals)
  const requests = rows.map((row) => describeRequest(row, approved.has(row.email)))
  return json(c, { requests, total, nextCursor })
})

/** Approves the address, and sends the link to the waiting device. */
requestWriteRoutes.post('/v1/requests/:email/approve', async (c) => {
  readQuery(c, NoQuery())
  const { days, expiresAt, ...content } = await readJson(c, ApproveRequestBody())
  const deps = consoleDepsOf(c)
  const email = emailInPath(c)
  const [rows] = await Promise.all([readRequest(deps, email), requireLiveActor(c)])
  const now = toSeconds(deps.world.now())
  const end = endOf({ days, expiresAt }, now)
  const decided = await approveRequest(deps, c.get('actor'), email, rows, {
    ...content,
    expiresAt: end,
  })
  if (!decided.ok) throw await decisionRefusal(c, decided.reason)
  const { approval, linkSent } = decided
  return json(c, {
    approval: approval === undefined ? null : await describeApproval(approval, now),
    linkSent,
  })
})

/** Declines the request. */
requestWriteRoutes.post('/v1/requests/:email/decline', async (c) => {
  readQuery(c, NoQuery())
  const { reason } = await readJson(c, DeclineBody())
  const deps = consoleDepsOf(c)
  const email = emailInPath(c)
  const [rows] = await Promise.all([readRequest(deps, email), requireLiveActor(c)])
  const declined = await declineRequest(deps, c.get('actor'), email, rows, reason)
  if (!declined.ok) throw await decisionRefusal(c, declined.reason)
  return json(c, { declined: true })
})

async function decisionRefusal(c: ConsoleContext, reason: DecisionRefusal): Promise<Problem> {
  switch (reason) {
    case 'decided':
      return consoleProblem('already_decided')
    case 'busy':
      return new Problem('unavailable', { headers: { 'Retry-After': '2' } })
    case 'absent':
    case 'not_approved':
      return new Problem('not_found', { detail: 'This address has no waiting access request.' })
    default:
      return refusalOf(c, { ok: false, reason })
  }
}
