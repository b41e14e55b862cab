import { consoleDepsOf, type ConsoleContext } from '../../deps.ts'
import { eventsOf } from '../../people/events.ts'
import { timelineOf } from '../../people/timeline.ts'
import { answersOf } from '../../why/answers.ts'
import { findingsOf } from '../../why/findings.ts'
import { whyWords } from '../../why/words.ts'
import { localeOf, redirect } from '../frame.ts'
import { loadPerson } from './load.ts'
import { personPath } from './path.ts'
import { personMarkup, type ShownPerson } from './person-markup.ts'
import { showPage } from './show-page.ts'

/** The number of events on one page of the timeline. */
const LIMIT = 50

export async function showPerson(
  c: ConsoleContext,
  email: string,
  { cursor, ...shown }: { cursor?: string | undefined } & Pick<ShownPerson, 'done' | 'refused'>,
  status = 200,
): Promise<Response> {
  const deps = consoleDepsOf(c)
  const locale = localeOf(c)
  const one = await loadPerson(c, email)
  const timeline = await timelineOf(deps, one.rows, { cursor, limit: LIMIT })
  // The cursor belongs to another person, or its key is no longer in the ring: show the first page.
  if (timeline === null) return redirect(c, personPath(email))
  const findings = findingsOf(deps.config, one.rows, one.nowMs)
  const content = personMarkup(locale, one, {
    ...shown,
    findings,
    answers: answersOf(findings, one.nowMs, whyWords[locale]),
    events: eventsOf(deps.config, one.rows, one.nowMs),
    timeline,
    fromNewest: cursor === undefined,
  })
  return showPage(c, email, content, { status, hasErrors: status >= 400 })
}
