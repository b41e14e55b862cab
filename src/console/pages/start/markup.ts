import type { Locale } from '../../../base/locale.ts'
import type { UnixSeconds } from '../../../base/time.ts'
import type { AccessRequestRow } from '../../../model/access-request.ts'
import type { ApprovalRow } from '../../../model/approval.ts'
import type { Series } from '../../start/days.ts'
import { approvalPath } from '../approvals/list-markup.ts'
import { approvalWords } from '../approvals/words.ts'
import { cardPath } from '../requests/path.ts'
import { frameWords } from '../frame-words.ts'
import { breakable, html, type Content, type Html } from '../html.ts'
import { day, distance } from '../when.ts'
import { chartTiles, numbersTable } from './chart-markup.ts'
import { startWords } from './words.ts'

/** The length of each list. */
const FIRST = 5

export type Start = {
  now: UnixSeconds
  days: readonly UnixSeconds[]
  series: readonly Series[]
  /** Whether the numbers come only from rows, and why. */
  missing: 'unbound' | 'unread' | null
  /** All requests that need a decision, the oldest first. */
  waiting: readonly AccessRequestRow[]
  /** The number of addresses that may already sign in and still wait for a link. */
  approvedAlready: number
  /** The approvals that end soon, the earliest end first. */
  ending: readonly ApprovalRow[]
  /** Only administrators can search for people and turn on the counting. */
  admin: boolean
}

export function startMarkup(locale: Locale, start: Start): Html {
  const say = startWords[locale]
  const { now, days, series, missing, waiting, ending, admin } = start
  return html`<div class="head">
      <h1>${say.title}</h1>
      ${admin && finder(locale)}
      <a class="button main" href="/approvals/new">${approvalWords[locale].approve}</a>
    </div>
    <div class="stack">
      <div class="columns halves">
        ${list(
          say.waits,
          say.nobodyWaits,
          waiting.map((row) => ({
            email: row.email,
            to: cardPath(row),
            soft: row.deviceName ?? null,
            when: distance(row.createdAt, now, locale),
          })),
          html`<a href="/requests">${say.allRequests(waiting.length)}</a>`,
          start.approvedAlready > 0 &&
            html`<a href="/requests">${say.approvedAlready(start.approvedAlready)}</a>`,
        )}
        ${list(
          say.ends,
          say.nothingEnds,
          ending.map(({ email, expiresAt }) => ({
            email,
            to: approvalPath(email),
            soft: expiresAt == null ? null : day(expiresAt, locale),
            when: expiresAt == null ? '' : distance(expiresAt, now, locale),
          })),
          html`<a href="/approvals?state=ending&sort=expiresAt"
            >${say.allEnding(ending.length)}</a
          >`,
        )}
      </div>
      <section class="stack lately">
        <h2>${say.lately} <span class="soft small">${say.utc}</span></h2>
        ${chartTiles(locale, days, series)}
        ${missing !== null && admin && html`<p class="soft small">${say[missing]}</p>`}
        ${numbersTable(locale, days, series)}
      </section>
    </div>`
}

type Line = { email: string; to: string; soft: Content; when: string }

const list = (
  title: string,
  empty: string,
  lines: readonly Line[],
  all: Html,
  besides: Content = null,
): Html =>
  html`<section class="card">
    <h2>${title}</h2>
    ${lines.length === 0 && html`<p class="soft">${empty}</p>`}
    ${
      lines.length > 0 &&
      html`<ol class="lines-of">
          ${lines.slice(0, FIRST).map(
            ({ email, to, soft, when }) =>
              html`<li>
                <div>
                  <a class="name long" href="${to}">${breakable(email)}</a>
                  <p class="soft small long">${soft}</p>
                </div>
                <p class="soft">${when}</p>
              </li>`,
          )}
        </ol>
        <p>${all}</p>`
    }
    ${Boolean(besides) && html`<p class="small">${besides}</p>`}
  </section>`

const finder = (locale: Locale): Html => {
  const say = startWords[locale]
  return html`<form class="search" role="search" action="/people">
    <input
      type="search"
      name="q"
      maxlength="320"
      required
      autocomplete="off"
      aria-label="${frameWords[locale].colon(say.findLabel, say.findHint)}"
      placeholder="${say.findHint}"
    />
    <button class="button">${say.find}</button>
  </form>`
}
