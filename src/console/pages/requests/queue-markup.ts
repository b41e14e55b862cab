import type { Locale } from '../../../base/locale.ts'
import type { QueuePage } from '../../requests/queue.ts'
import type { EndLimits } from '../approvals/parse.ts'
import { errorSummary } from '../form.ts'
import { frameWords } from '../frame-words.ts'
import { html, type Content, type Html } from '../html.ts'
import { queuePath } from './path.ts'
import { formId, requestMarkup, type Sent } from './request-markup.ts'
import { requestWords } from './words.ts'

export type ShownQueue = {
  page: QueuePage
  /** Whether the page is not the first. */
  later: boolean
  cursor: string | undefined
  /** The addresses that may already sign in, because of another approval. */
  approved: ReadonlySet<string>
  /** The number of requests, on all pages, that need a decision. */
  undecided: number
  /** Whether access requests are on. */
  on: boolean
  /** What happened, or why nothing happened. */
  notice?: Content
  sent?: Sent | undefined
}

export function queueMarkup(locale: Locale, shown: ShownQueue, limits: EndLimits): Html {
  const say = requestWords[locale]
  const { page, cursor, approved, undecided, notice, sent } = shown
  return html`<div class="head">
      <div>
        <h1>${say.title}</h1>
        ${undecided > 0 && html`<p class="soft">${say.waiting(undecided)}</p>`}
      </div>
    </div>
    <div class="stack">
      ${notice} ${sent !== undefined && problems(locale, page, sent)}
      ${
        page.rows.length === 0
          ? nobody(locale, shown)
          : html`<ol class="requests">
              ${page.rows.map((row) =>
                requestMarkup(locale, row, limits, {
                  cursor,
                  sent,
                  approved: approved.has(row.email),
                }),
              )}
            </ol>`
      }
    </div>
    ${turning(locale, shown)}`
}

function problems(locale: Locale, { rows }: QueuePage, { email, form, errors }: Sent): Content {
  const row = rows.find((one) => one.email === email)
  const say = frameWords[locale]
  return row && errorSummary(say.colon(email, say.problems), formId(row, form), errors)
}

function nobody(locale: Locale, { on }: ShownQueue): Html {
  const [title, text] = on ? requestWords[locale].none : requestWords[locale].off
  return html`<div class="card list empty">
    <h2>${title}</h2>
    <p>${text}</p>
  </div>`
}

function turning(locale: Locale, { page, later }: ShownQueue): Content {
  const say = requestWords[locale]
  const { nextCursor } = page
  if (!later && nextCursor === undefined) return null
  return html`<div class="pages">
    <p class="actions">
      ${later && html`<a class="button" href="${queuePath()}">${say.first}</a>`}
      ${nextCursor !== undefined && html`<a class="button" rel="next" href="${queuePath({ cursor: nextCursor })}">${say.next}</a>`}
    </p>
  </div>`
}
