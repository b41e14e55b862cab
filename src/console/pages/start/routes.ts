import { toSeconds } from '../../../base/time.ts'
import { stateOf } from '../../../model/approval-change.ts'
import { requireLiveActor } from '../../actor.ts'
import { readApprovals } from '../../approvals/list.ts'
import { consoleDepsOf } from '../../deps.ts'
import { guardedRoutes } from '../../guards.ts'
import { approvedAmong, readQueue } from '../../requests/queue.ts'
import { countsAreBound, readCounts } from '../../start/counts.ts'
import { daysUntil } from '../../start/days.ts'
import { seriesFromRows } from '../../start/from-rows.ts'
import { localeOf } from '../frame.ts'
import { personOf, showPageOf } from '../show-page.ts'
import { startMarkup } from './markup.ts'
import { startWords } from './words.ts'

export const startPages = guardedRoutes('approver', 'page')

/** What needs a decision, and what happened lately. All reads are parallel: one round trip. */
startPages.get('/', async (c) => {
  const deps = consoleDepsOf(c)
  const bound = countsAreBound(deps)
  const [approvals, waiting, counted] = await Promise.all([
    readApprovals(deps),
    readQueue(deps),
    bound ? readCounts(deps) : null,
    requireLiveActor(c),
  ])
  const nowMs = deps.world.now()
  const now = toSeconds(nowMs)
  const locale = localeOf(c)
  const approved = approvedAmong(deps, waiting, approvals)
  const undecided = waiting.filter(({ email }) => !approved.has(email))
  const content = startMarkup(locale, {
    now,
    days: daysUntil(nowMs),
    series: counted ?? seriesFromRows(nowMs, approvals, undecided),
    missing: counted === null ? (bound ? 'unread' : 'unbound') : null,
    waiting: undecided,
    approvedAlready: approved.size,
    ending: approvals
      .filter((row) => stateOf(row, now) === 'ending')
      .toSorted((a, b) => (a.expiresAt ?? 0) - (b.expiresAt ?? 0)),
    admin: personOf(c).role === 'admin',
  })
  return showPageOf('start')(c, startWords[locale].title, content)
})
