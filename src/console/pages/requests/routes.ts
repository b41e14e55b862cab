import { normaliseEmail } from '../../../base/email-address.ts'
import { Problem } from '../../../http/problem.ts'
import { unauthorized } from '../../../http/session-guard.ts'
import { isWaiting } from '../../../model/access-request.ts'
import { toSeconds } from '../../../base/time.ts'
import { requireLiveActor } from '../../actor.ts'
import { readApprovals } from '../../approvals/list.ts'
import { consoleDepsOf, type ConsoleContext } from '../../deps.ts'
import { emailInPath } from '../../email-in-path.ts'
import { guardedRoutes } from '../../guards.ts'
import { approveRequest, type DecisionRefusal } from '../../requests/approve.ts'
import { declineRequest } from '../../requests/decline.ts'
import { approvedAmong, pageOfQueue, readQueue } from '../../requests/queue.ts'
import { readRequest } from '../../requests/read.ts'
import { endError, limitsOf, sayFor } from '../approvals/answers.ts'
import { readForm, type Errors, type Typed } from '../form.ts'
import { localeOf, redirect } from '../frame.ts'
import type { Content } from '../html.ts'
import { showPageOf } from '../show-page.ts'
import { doneNotice, fasterNotice, goneNotice, refusedNotice } from './notice.ts'
import { parseDecline, parseApprove } from './parse.ts'
import { DONE, queuePath, type Done } from './path.ts'
import { queueMarkup } from './queue-markup.ts'
import type { FormName, Sent } from './request-markup.ts'
import { requestWords } from './words.ts'

/** The waiting access requests, each with the forms to decide it. */
export const requestPages = guardedRoutes('approver', 'page')

const showPage = showPageOf('requests')

const PAGE_SIZE = 20

requestPages.get('/requests', (c) => {
  const done = DONE.find((one) => one === c.req.query('done'))
  const who = normaliseEmail(c.req.query('who') ?? '')
  const about = done !== undefined && who !== null ? { done: { what: done, email: who } } : {}
  const email = done === undefined && who !== null ? { email: who } : {}
  return showQueue(c, c.req.query('cursor'), { ...about, ...email })
})

requestPages.post('/requests/:email/approve', async (c) => {
  const email = emailInPath(c)
  const typed = await readForm(c)
  const already = typed['already'] === 'yes'
  const parsed = already
    ? { ok: true as const, value: null }
    : parseApprove(typed, sayFor(c), limitsOf(c))
  if (!parsed.ok) return showWrong(c, email, 'approve', typed, parsed.errors)
  const deps = consoleDepsOf(c)
  const [rows] = await Promise.all([readRequest(deps, email), requireLiveActor(c)])
  const decided = await approveRequest(deps, c.get('actor'), email, rows, parsed.value)
  if (!decided.ok) return showRefused(c, email, 'approve', typed, decided.reason)
  // The form was sent twice. The first call sent the link.
  const sent = decided.linkSent || rows.request?.decided === 'approved'
  return toQueue(c, email, typed, sent ? 'approved' : 'approvedWithoutLink')
})

requestPages.post('/requests/:email/decline', async (c) => {
  const email = emailInPath(c)
  const typed = await readForm(c)
  const parsed = parseDecline(typed, sayFor(c))
  if (!parsed.ok) return showWrong(c, email, 'decline', typed, parsed.errors)
  const deps = consoleDepsOf(c)
  const [rows] = await Promise.all([readRequest(deps, email), requireLiveActor(c)])
  const declined = await declineRequest(deps, c.get('actor'), email, rows, parsed.value)
  if (!declined.ok) return showRefused(c, email, 'decline', typed, declined.reason)
  return toQueue(c, email, typed, 'declined')
})

const toQueue = (c: ConsoleContext, who: string, { cursor }: Typed, done: Done): Response =>
  redirect(c, queuePath({ cursor, done, who }))

/** Shows the page of the queue that has the form, with its errors and what was typed. */
const showWrong = (
  c: ConsoleContext,
  email: string,
  form: FormName,
  typed: Typed,
  errors: Errors,
): Promise<Response> =>
  showQueue(c, typed['cursor'], { email, sent: { email, form, typed, errors } }, 400)

async function showRefused(
  c: ConsoleContext,
  email: string,
  form: FormName,
  typed: Typed,
  reason: DecisionRefusal,
): Promise<Response> {
  const cursor = typed['cursor']
  const { refusals } = sayFor(c)
  switch (reason) {
    case 'actor':
      throw unauthorized(c, 'invalid_token', 'revoked')
    case 'busy':
      throw new Problem('unavailable', { headers: { 'Retry-After': '2' } })
    case 'past_end':
    case 'too_long':
      return showWrong(c, email, form, typed, endError(c, reason))
    case 'decided':
      return showQueue(c, cursor, { notice: await fasterNotice(c, email) }, 409)
    case 'absent':
      return showQueue(c, cursor, { notice: goneNotice(c, email) }, 409)
    case 'not_approved':
      return showQueue(
        c,
        cursor,
        { notice: refusedNotice(email, requestWords[localeOf(c)].notApproved) },
        409,
      )
    default: {
      const text = reason === 'not_recent' ? refusals.not_yours : refusals[reason]
      return showQueue(c, cursor, { notice: refusedNotice(email, text) }, 409)
    }
  }
}

async function showQueue(
  c: ConsoleContext,
  cursor: string | undefined,
  shown: {
    done?: { what: Done; email: string }
    /** The address whose request the page shows. */
    email?: string
    notice?: Content
    sent?: Sent
  },
  status = 200,
): Promise<Response> {
  const deps = consoleDepsOf(c)
  const { done, email, sent } = shown
  const [queue, decided, approvals] = await Promise.all([
    readQueue(deps),
    done && readRequest(deps, done.email),
    readApprovals(deps),
    requireLiveActor(c),
  ])
  // The index may still list a request that was just decided. The row itself is read consistently.
  const now = toSeconds(deps.world.now())
  const all = queue.filter(({ email }) => email !== done?.email || isWaiting(decided?.request, now))
  const page = await pageOfQueue(deps, c.get('actor'), all, { limit: PAGE_SIZE, cursor, email })
  // The cursor is invalid, or every request on this page has been decided.
  const nothingHere = page !== null && page.rows.length === 0 && page.total > 0
  if (page === null || (nothingHere && cursor !== undefined)) {
    if (status === 200) return redirect(c, queuePath({ done: done?.what, who: done?.email }))
    return showQueue(c, undefined, shown, status)
  }
  const locale = localeOf(c)
  const notice = done && decided ? doneNotice(c, done.email, done.what, decided) : shown.notice
  const on = deps.config.ACCESS_REQUESTS === 'on'
  const approved = approvedAmong(deps, all, approvals)
  const queueShown = {
    page,
    later: page.rows[0] !== all[0],
    cursor,
    approved,
    undecided: all.length - approved.size,
    on,
    notice,
    sent,
  }
  const content = queueMarkup(locale, queueShown, limitsOf(c))
  const { title } = requestWords[locale]
  return showPage(c, title, content, { status, hasErrors: status >= 400 })
}
