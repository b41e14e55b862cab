import type { Locale } from '../../../base/locale.ts'
import { isKnown } from '../../people/describe.ts'
import type { PersonEvent } from '../../people/events.ts'
import type { Timeline } from '../../people/timeline.ts'
import type { Answers } from '../../why/answers.ts'
import type { Finding } from '../../why/finding.ts'
import { whyWords } from '../../why/words.ts'
import { approvalPath, stateBadge } from '../approvals/list-markup.ts'
import { approvalWords } from '../approvals/words.ts'
import { breakable, html, type Html } from '../html.ts'
import { cardPath } from '../requests/path.ts'
import { waitsNotice } from '../requests/waits-notice.ts'
import { requestWords } from '../requests/words.ts'
import { factsMarkup } from './facts-markup.ts'
import type { Described, OnePerson } from './load.ts'
import { allowMailPath, PEOPLE, personPath } from './path.ts'
import type { PersonDone } from './people-words.ts'
import { said } from './said.ts'
import { sessionsMarkup } from './sessions-markup.ts'
import { timelineMarkup } from './timeline-markup.ts'
import { whyMarkup } from './why-markup.ts'
import { peopleWords } from './words.ts'

export type ShownPerson = {
  answers: Answers
  findings: readonly Finding[]
  events: readonly PersonEvent[]
  timeline: Timeline
  /** Whether the timeline begins with the newest event. */
  fromNewest: boolean
  done?: PersonDone | undefined
  /** Why an action was refused. */
  refused?: string | undefined
}

/** The page with everything about a person. */
export function personMarkup(locale: Locale, one: OnePerson, shown: ShownPerson): Html {
  const say = peopleWords[locale]
  const { answers, findings, events, timeline, fromNewest, done, refused } = shown
  return html`<a class="back" href="${PEOPLE}">← ${say.title}</a>
    ${head(locale, one)}
    <div class="stack">
      ${done !== undefined && html`<p class="notice good" role="status" tabindex="-1" data-focus>${say.done[done]}</p>`}
      ${one.person.request !== null && waitsNotice(locale, one.rows.request, one.person.request.approved)}
      ${refused !== undefined && html`<p class="notice bad" role="alert">${refused}</p>`}
      ${one.person.mailRefused !== null && mailNotice(locale, one, one.person.mailRefused)}
      ${whyMarkup(locale, answers, findings)}
      <div class="columns">
        <div class="stack">${factsMarkup(locale, one)} ${sessionsMarkup(locale, one)}</div>
        ${timelineMarkup(locale, one, events, timeline, !fromNewest)}
      </div>
      ${!one.own && isKnown(one.rows) && eraseSection(locale, one)}
    </div>`
}

/** Says why no email is sent. An administrator whose own mailbox it is asks another one. */
const mailNotice = (
  locale: Locale,
  { email, own }: OnePerson,
  { at, why }: NonNullable<Described['mailRefused']>,
): Html =>
  html`<div class="notice bad tight">
    <p>${said(locale, whyWords[locale].refused[why](at))}</p>
    ${
      !own &&
      html`<p class="actions">
        <a class="button little" href="${allowMailPath(email)}">${peopleWords[locale].allowMail}</a>
      </p>`
    }
  </div>`

function head(locale: Locale, { email, person, rows }: OnePerson): Html {
  const say = peopleWords[locale]
  const { standing, approval, userId } = person
  const state = standing.why === 'company' ? 'company' : approval?.state
  const badge =
    state === undefined
      ? html`<span class="state">${say.notApproved}</span>`
      : stateBadge(approvalWords[locale], state)
  const waits = person.request !== null
  const [to, label] =
    waits && rows.request !== undefined && !standing.approved
      ? [cardPath(rows.request), requestWords[locale].decide]
      : state === undefined
        ? [`/approvals/new?email=${encodeURIComponent(email)}`, approvalWords[locale].approve]
        : [approvalPath(email), say.approval]
  return html`<div class="head">
    <div class="tight">
      <h1>${breakable(email)}</h1>
      <p class="facing">
        ${badge}
        <span class="soft">${userId === null ? say.nobodyYet : html`<code>${userId}</code>`}</span>
      </p>
    </div>
    <a class="button" href="${to}">${label}</a>
  </div>`
}

const eraseSection = (locale: Locale, { email }: OnePerson): Html => {
  const say = peopleWords[locale]
  return html`<section class="card tight" aria-labelledby="erase">
    <h2 id="erase">${say.eraseTitle}</h2>
    <p class="soft">${say.eraseLead}</p>
    <p class="actions"><a class="button" href="${personPath(email, '/erase')}">${say.erase}</a></p>
  </section>`
}
