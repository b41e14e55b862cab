import type { Locale } from '../../../base/locale.ts'
import type { UnixSeconds } from '../../../base/time.ts'
import { contentOf, stateOf } from '../../../model/approval-change.ts'
import type { AuditRow } from '../../../model/audit.ts'
import type { ApprovalEvent } from '../../approvals/change.ts'
import { errorSummary, hidden, type Errors, type Typed } from '../form.ts'
import { frameWords } from '../frame-words.ts'
import { breakable, html, type Content, type Html } from '../html.ts'
import { personPath } from '../people/path.ts'
import { peopleWords } from '../people/words.ts'
import { waitsNotice } from '../requests/waits-notice.ts'
import { day, dayText, distance, moment } from '../when.ts'
import { contentFields, endFields } from './fields.ts'
import { historyList } from './history-markup.ts'
import { approvalPath, stateBadge } from './list-markup.ts'
import type { OneApproval } from './load.ts'
import { tellThem } from './tell-them.ts'
import { approvalWords } from './words.ts'

export type FormName = 'extend' | 'change' | 'restore'

/** What has just been done. */
export type Shown = {
  done?: ApprovalEvent | undefined
  /** A form that was refused, with what was typed. */
  sent?: { form: FormName; typed: Typed; errors: Errors; sooner?: boolean } | undefined
  /** What somebody else changed since the page was opened. */
  conflict?: AuditRow[] | undefined
  /** Why nothing was done. */
  refused?: string | undefined
}

/** @param etag of the row that the page shows. The forms contain it. */
export function oneMarkup(locale: Locale, one: OneApproval, etag: string, shown: Shown): Html {
  const say = approvalWords[locale]
  const { email, row, company, history, may, now, people } = one
  const state = row === undefined ? 'company' : stateOf(row, now)
  const { sent, conflict } = shown
  return html`<a class="back" href="/approvals">← ${say.title}</a>
    <div class="head">
      <div class="tight">
        <h1>${breakable(email)}</h1>
        <p>${stateBadge(say, state)}</p>
      </div>
      <div class="actions">
        ${
          one.why &&
          html`<a class="button" href="${approvalPath(email, '/why')}"
            >${peopleWords[locale].whyLink}</a
          >`
        }
        ${
          people &&
          html`<a class="button" href="${personPath(email)}">${peopleWords[locale].person}</a>`
        }
        ${
          may.withdraw &&
          html`<a class="button" href="${approvalPath(email, '/withdraw')}">${say.withdraw}</a>`
        }
      </div>
    </div>
    <div class="stack">
      ${
        shown.done !== undefined &&
        html`<p class="notice good" role="status" tabindex="-1" data-focus>
          ${say.done[shown.done]}
        </p>`
      }
      ${shown.done === 'approval_created' && one.waiting === undefined && tellThem(locale, one)}
      ${waitsNotice(locale, one.waiting, one.approved)}
      ${
        shown.refused !== undefined && html`<p class="notice bad" role="alert">${shown.refused}</p>`
      }
      ${conflict !== undefined && conflictNotice(locale, conflict)}
      ${sent !== undefined && errorSummary(frameWords[locale].problems, sent.form, sent.errors)}
      <div class="columns">
        <div class="stack">
          <section class="card">
            ${row === undefined && company ? html`<p>${say.company[1]}</p>` : facts(locale, one)}
          </section>
          ${may.why !== null && html`<p class="notice">${say.refusals[may.why]}</p>`}
          ${may.restore && restoreForm(locale, one, etag, sent)}
          ${may.change && extendForm(locale, one, etag, sent)}
          ${may.change && changeForm(locale, one, etag, sent)}
        </div>
        <section class="card">
          <h2>${say.history}</h2>
          ${
            history.length === 0
              ? html`<p class="soft small">
                  ${row === undefined ? say.noHistoryCompany : say.noHistory}
                </p>`
              : historyList(locale, history)
          }
        </section>
      </div>
    </div>`
}

function conflictNotice(locale: Locale, entries: readonly AuditRow[]): Html {
  const say = approvalWords[locale]
  const [title, text] = say.conflict
  return html`<div class="notice warn tight" role="alert" tabindex="-1" data-focus>
    <h2>${title}</h2>
    <p>${text}</p>
    ${entries.length === 0 ? html`<p>${say.conflictOutside}</p>` : historyList(locale, entries)}
  </div>`
}

function facts(locale: Locale, { row, now }: OneApproval): Html {
  const say = approvalWords[locale]
  const { company, reason, notes, phoneNumber, expiresAt } = contentOf(row)
  const { approvedAt, approvedBy, revokedAt, revokedBy, revokedReason } = row ?? {}
  const fact = (label: string, value: Content) =>
    html`<div>
      <dt>${label}</dt>
      <dd>${value ?? html`<span class="soft">–</span>`}</dd>
    </div>`
  const when = (at: typeof approvedAt | null, by: string | null | undefined) =>
    html`${at != null && moment(at, locale)}${by != null && html` ${say.by(by)}`}`
  const end =
    expiresAt === null
      ? say.noEnd
      : html`${endText(locale, expiresAt)}
          <span class="soft">· ${distance(expiresAt, now, locale)}</span>`
  return html`<dl class="facts">
    ${fact(say.columns.expiresAt, end)} ${fact(say.fields.company, company)}
    ${fact(say.fields.reason, reason)}
    ${notes !== null && fact(say.fields.notes, html`<span class="lines">${notes}</span>`)}
    ${phoneNumber !== null && fact(say.fields.phoneNumber, phoneNumber)}
    ${fact(say.approved, when(approvedAt, approvedBy))}
    ${revokedAt != null && fact(say.withdrawn, when(revokedAt, revokedBy))}
    ${revokedReason != null && fact(say.withdrawnReason, revokedReason)}
  </dl>`
}

/** People mostly choose a day. It means the end of that day in UTC, in every time zone. */
const endText = (locale: Locale, at: UnixSeconds): Html =>
  at % 86_400 === 86_399
    ? html`${day(at, locale)} (${approvalWords[locale].endOfDay})`
    : moment(at, locale)

type Sent = Shown['sent']

const extendForm = (locale: Locale, one: OneApproval, etag: string, sent: Sent): Html => {
  const { expiresAt } = contentOf(one.row)
  const over = expiresAt !== null && expiresAt <= one.now
  const [typed, errors] = given(sent, 'extend', {})
  const end = endFields(locale, 'extend', typed, errors, {
    ...one,
    keep: over ? undefined : expiresAt,
  })
  const sooner = sent?.form === 'extend' && sent.sooner === true
  return foldedForm(
    locale,
    one,
    etag,
    'extend',
    sent,
    html`${sooner && hidden('sooner', 'yes')}${end}`,
  )
}

const changeForm = (locale: Locale, one: OneApproval, etag: string, sent: Sent): Html => {
  const { company, reason, notes, phoneNumber } = contentOf(one.row)
  const is = { company, reason, notes, phoneNumber }
  const before = Object.fromEntries(Object.entries(is).map(([name, text]) => [name, text ?? '']))
  const [typed, errors] = given(sent, 'change', before)
  return foldedForm(
    locale,
    one,
    etag,
    'change',
    sent,
    contentFields(locale, 'change', typed, errors),
  )
}

function restoreForm(locale: Locale, one: OneApproval, etag: string, sent: Sent): Html {
  const { expiresAt } = contentOf(one.row)
  const over = expiresAt !== null && expiresAt <= one.now
  const [typed, errors] = given(sent, 'restore', { end: over ? '30' : 'keep' })
  const keep = over ? undefined : expiresAt
  const end = endFields(locale, 'restore', typed, errors, { ...one, keep })
  const lead = html`<p class="soft">${approvalWords[locale].restoreLead}</p>`
  return foldedForm(locale, one, etag, 'restore', sent, html`${lead}${end}`)
}

/** What was typed in this form, with its errors. Before that, its initial values. */
const given = (sent: Sent, form: FormName, begin: Typed): [Typed, Errors] =>
  sent?.form === form ? [sent.typed, sent.errors] : [begin, {}]

/** Forms with long text are sent as multipart/form-data (see readForm). */
function foldedForm(
  locale: Locale,
  { email, now }: OneApproval,
  etag: string,
  form: FormName,
  sent: Sent,
  fields: Html,
): Html {
  const say = approvalWords[locale]
  return html`<details class="card" ${sent?.form === form && html` open`}>
    <summary>${say[form]}</summary>
    <form
      class="stack"
      method="post"
      action="${approvalPath(email, `/${form}`)}"
      enctype="multipart/form-data"
      novalidate
    >
      ${hidden('etag', etag)} ${hidden('opened', now)} ${fields}
      <button class="button main">
        ${form === 'restore' ? say.restore : sent?.form === form && sent.sooner === true ? say.endSooner : say.save}
      </button>
    </form>
  </details>`
}

/** The title in the browser tab: the address and its end. */
export const titleOf = (locale: Locale, { email, row }: OneApproval): string => {
  const end = row?.expiresAt
  return end == null ? email : `${email} (${dayText(end, locale)})`
}
