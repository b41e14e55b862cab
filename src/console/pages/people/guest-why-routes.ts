import { isColleague } from '../../../model/approval-rules.ts'
import { requireLiveActor } from '../../actor.ts'
import { consoleDepsOf } from '../../deps.ts'
import { emailInPath } from '../../email-in-path.ts'
import { guardedRoutes } from '../../guards.ts'
import { consoleProblem } from '../../problem.ts'
import { answersOf } from '../../why/answers.ts'
import type { Finding } from '../../why/finding.ts'
import { findingsOf } from '../../why/findings.ts'
import { whyWords } from '../../why/words.ts'
import { approvalPath } from '../approvals/list-markup.ts'
import { showPage } from '../approvals/show-page.ts'
import { localeOf, redirect } from '../frame.ts'
import { breakable, html } from '../html.ts'
import { waitsNotice } from '../requests/waits-notice.ts'
import { personOf } from '../show-page.ts'
import { loadPerson } from './load.ts'
import { personPath } from './path.ts'
import { whyMarkup } from './why-markup.ts'
import { peopleWords } from './words.ts'

/**
 * What an approver may tell a guest: the three answers, without the findings behind them. Only administrators see
 * sessions, devices and IP addresses, and anything about a colleague.
 */
export const guestWhyPages = guardedRoutes('approver', 'page')

guestWhyPages.get('/approvals/:email/why', async (c) => {
  const { config } = consoleDepsOf(c)
  const email = emailInPath(c)
  if (personOf(c).role === 'admin') {
    await requireLiveActor(c)
    return redirect(c, personPath(email))
  }
  if (isColleague(config, email)) throw consoleProblem('forbidden')
  const { rows, person, nowMs } = await loadPerson(c, email)
  const locale = localeOf(c)
  const say = peopleWords[locale]
  const findings = findingsOf(config, rows, nowMs).map(withoutIpAddress)
  const content = html`<a class="back" href="${approvalPath(email)}">← ${say.approval}</a>
    <div class="head"><h1>${breakable(email)}</h1></div>
    <div class="stack">
      ${person.request !== null && waitsNotice(locale, rows.request, person.request.approved)}
      ${whyMarkup(locale, answersOf(findings, nowMs, whyWords[locale]))}
      <p class="soft small">${say.whyMore}</p>
    </div>`
  return showPage(c, email, content)
})

const withoutIpAddress = (finding: Finding): Finding =>
  finding.code === 'asked' ? { ...finding, ipAddress: null } : finding
