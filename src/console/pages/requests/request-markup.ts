import type { Locale } from '../../../base/locale.ts'
import type { AccessRequestRow } from '../../../model/access-request.ts'
import { endFields } from '../approvals/fields.ts'
import { approvalPath } from '../approvals/list-markup.ts'
import type { EndLimits } from '../approvals/parse.ts'
import { approvalWords } from '../approvals/words.ts'
import { hidden, input, type Errors, type Typed } from '../form.ts'
import { breakable, html, type Content, type Html } from '../html.ts'
import { distance, moment } from '../when.ts'
import { requestPath } from './path.ts'
import { requestWords } from './words.ts'

export type FormName = 'approve' | 'decline'

/** A form that was refused, with what was typed. */
export type Sent = { email: string; form: FormName; typed: Typed; errors: Errors }

/** One page has the forms of many requests, so the ids of their fields contain the request's id. */
export const formId = ({ tokenId }: AccessRequestRow, form: FormName): string =>
  `${tokenId}-${form}`

/** One request: who asks, and the forms to decide it. */
export function requestMarkup(
  locale: Locale,
  row: AccessRequestRow,
  limits: EndLimits,
  {
    cursor,
    sent,
    approved,
  }: { cursor: string | undefined; sent: Sent | undefined; approved: boolean },
): Html {
  return html`<li class="card request" id="${row.tokenId}">
    <div class="tight">
      <h2>${breakable(row.email)}</h2>
      ${facts(locale, row, limits)}
    </div>
    <div class="stack">
      ${
        approved
          ? linkForm(locale, row, cursor)
          : html`${approveForm(locale, row, limits, cursor, sent)}
            ${declineForm(locale, row, cursor, sent)}`
      }
    </div>
  </li>`
}

function facts(locale: Locale, row: AccessRequestRow, { now }: EndLimits): Html {
  const say = requestWords[locale]
  const { createdAt, askedAt, asks, expiresAt, deviceName, metadata } = row
  const fact = (label: string, value: Content) =>
    html`<div>
      <dt>${label}</dt>
      <dd>${value}</dd>
    </div>`
  const soft = (text: Content) => html`<p class="soft small long">${text}</p>`
  return html`<dl class="facts">
    ${fact(
      say.since,
      html`<p>${distance(createdAt, now, locale)}</p>
        ${soft(moment(createdAt, locale))}`,
    )}
    ${fact(
      say.asked,
      html`<p>${say.times(asks)}</p>
        ${asks > 1 && soft(say.last(distance(askedAt, now, locale)))}`,
    )}
    ${fact(
      say.device,
      html`${deviceName !== undefined && html`<p class="long">${deviceName}</p>`}
      ${soft(metadata.userAgent)}`,
    )}
    ${fact(say.from, metadata.ipAddress)}
    ${metadata.sourceFlow === 'sms' && fact(say.channelName, say.channel)}
    ${fact(say.until, distance(expiresAt, now, locale))}
  </dl>`
}

function approveForm(
  locale: Locale,
  row: AccessRequestRow,
  limits: EndLimits,
  cursor: string | undefined,
  sent: Sent | undefined,
): Html {
  const say = requestWords[locale]
  const form = formId(row, 'approve')
  const [typed, errors] = given(sent, row, 'approve')
  return html`<form
    class="stack"
    method="post"
    action="${requestPath(row.email, 'approve')}"
    enctype="multipart/form-data"
    novalidate
  >
    ${cursor !== undefined && hidden('cursor', cursor)}
    ${endFields(locale, form, typed, errors, limits)} ${reason(locale, form, typed, errors)}
    ${company(locale, form, typed, errors)}
    <div class="actions">
      <button class="button main">${say.approve}<span class="said"> ${row.email}</span></button>
      <p class="soft small">${say.approveLead}</p>
    </div>
  </form>`
}

/** For an address that is already approved: the form only sends the link to the waiting device. */
function linkForm(locale: Locale, row: AccessRequestRow, cursor: string | undefined): Html {
  const say = requestWords[locale]
  return html`<form class="stack" method="post" action="${requestPath(row.email, 'approve')}">
    ${cursor !== undefined && hidden('cursor', cursor)} ${hidden('already', 'yes')}
    <p class="facing">
      <span class="state active">${say.already}</span>
      <a href="${approvalPath(row.email)}">${say.openApproval}</a>
    </p>
    <p>${say.alreadyLead}</p>
    <div class="actions">
      <button class="button main">${say.sendLink}<span class="said"> ${row.email}</span></button>
    </div>
  </form>`
}

function declineForm(
  locale: Locale,
  row: AccessRequestRow,
  cursor: string | undefined,
  sent: Sent | undefined,
): Html {
  const say = requestWords[locale]
  const form = formId(row, 'decline')
  const [typed, errors] = given(sent, row, 'decline')
  const open = sent?.email === row.email && sent.form === 'decline'
  return html`<details ${open && html` open`}>
    <summary>${say.decline}<span class="said"> ${row.email}</span></summary>
    <form
      class="stack"
      method="post"
      action="${requestPath(row.email, 'decline')}"
      enctype="multipart/form-data"
      novalidate
    >
      ${cursor !== undefined && hidden('cursor', cursor)}
      <p class="soft small">${say.declineLead}</p>
      ${reason(locale, form, typed, errors)}
      <button class="button end">
        ${say.decline.replace('…', '')}<span class="said"> ${row.email}</span>
      </button>
    </form>
  </details>`
}

const reason = (locale: Locale, form: string, typed: Typed, errors: Errors): Html =>
  input(
    { form, name: 'reason', label: approvalWords[locale].fields.reason, typed, errors },
    html` maxlength="500" required autocomplete="off"`,
  )

const company = (locale: Locale, form: string, typed: Typed, errors: Errors): Html => {
  const say = approvalWords[locale]
  const label = say.optional(say.fields.company)
  return input(
    { form, name: 'company', label, typed, errors },
    html` maxlength="200" autocomplete="off"`,
  )
}

const given = (
  sent: Sent | undefined,
  { email }: AccessRequestRow,
  form: FormName,
): [Typed, Errors] =>
  sent?.email === email && sent.form === form ? [sent.typed, sent.errors] : [{}, {}]
