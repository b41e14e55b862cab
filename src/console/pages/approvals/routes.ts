import { toSeconds } from '../../../base/time.ts'
import { readQuery } from '../../../http/read.ts'
import { requireLiveActor } from '../../actor.ts'
import { changeApproval } from '../../approvals/change.ts'
import { listApprovals, readApprovals } from '../../approvals/list.ts'
import { ListQuery } from '../../approvals/schema.ts'
import { consoleDepsOf, type ConsoleContext } from '../../deps.ts'
import { guardedRoutes } from '../../guards.ts'
import { readForm, type Errors, type Typed } from '../form.ts'
import { localeOf, redirect } from '../frame.ts'
import { endError, limitsOf, refusalText, sayFor, toApproval } from './answers.ts'
import { listMarkup } from './list-markup.ts'
import { newMarkup } from './new-markup.ts'
import { parseApprove } from './parse.ts'
import { showPage } from './show-page.ts'

export const approvalPages = guardedRoutes('approver', 'page')

approvalPages.get('/approvals', async (c) => {
  const deps = consoleDepsOf(c)
  const query = readQuery(c, ListQuery())
  const [all] = await Promise.all([readApprovals(deps), requireLiveActor(c)])
  const page = await listApprovals(deps, c.get('actor'), all, query)
  // The cursor belongs to another list, or its key is no longer in the ring: show the first page.
  if (page === null) return redirect(c, '/approvals')
  const content = listMarkup(localeOf(c), query, page, toSeconds(deps.world.now()))
  return showPage(c, sayFor(c).title, content)
})

approvalPages.get('/approvals/new', async (c) => {
  await requireLiveActor(c)
  return showNew(c, { email: c.req.query('email') ?? '' }, {})
})

approvalPages.post('/approvals', async (c) => {
  const say = sayFor(c)
  const typed = await readForm(c)
  const parsed = parseApprove(typed, say, limitsOf(c))
  if (!parsed.ok) {
    await requireLiveActor(c)
    return showNew(c, typed, parsed.errors)
  }
  const { email, content } = parsed.value
  const change = { action: 'approve', content } as const
  const changed = await changeApproval(consoleDepsOf(c), c.get('actor'), email, undefined, change)
  if (changed.ok) return toApproval(c, email, changed.event ?? 'approval_created')
  const { reason } = changed
  if (reason === 'past_end' || reason === 'too_long') return showNew(c, typed, endError(c, reason))
  const standing = reason === 'already_approved' || reason === 'not_yours' ? email : undefined
  return showNew(c, typed, { email: refusalText(c, changed) }, standing)
})

function showNew(c: ConsoleContext, typed: Typed, errors: Errors, existing?: string) {
  const content = newMarkup(localeOf(c), typed, errors, limitsOf(c), existing)
  const hasErrors = Object.keys(errors).length > 0
  const status = existing === undefined ? (hasErrors ? 400 : 200) : 409
  return showPage(c, sayFor(c).approve, content, { status, hasErrors, narrow: true })
}
