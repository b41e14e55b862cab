import type { Locale } from '../../../base/locale.ts'
import type { UnixSeconds } from '../../../base/time.ts'
import type { ApprovalRow } from '../../../model/approval.ts'
import { contentOf, stateOf, type ApprovalState } from '../../../model/approval-change.ts'
import type { ApprovalFilter, ApprovalOrder, ApprovalPage } from '../../approvals/list.ts'
import { hidden } from '../form.ts'
import { breakable, html, type Content, type Html } from '../html.ts'
import { day, distance } from '../when.ts'
import { importWords } from './import-words.ts'
import type { ApprovalWords } from './approval-words.ts'
import { approvalWords } from './words.ts'

export type ListQuery = ApprovalFilter & ApprovalOrder & { cursor?: string | undefined }

export const approvalPath = (email: string, more = ''): string =>
  `/approvals/${encodeURIComponent(email)}${more}`

/** The URL of the list with another query. Default values are left out. */
function listPath({ state, q, sort, order, cursor }: ListQuery): string {
  const query = new URLSearchParams({
    ...(state === undefined ? {} : { state }),
    ...(q ? { q } : {}),
    ...(sort === 'email' && order === 'asc' ? {} : { sort, order }),
    ...(cursor === undefined ? {} : { cursor }),
  })
  return query.size === 0 ? '/approvals' : `/approvals?${query.toString()}`
}

function exportPath({ state, q }: ListQuery): string {
  const query = new URLSearchParams({
    ...(state === undefined ? {} : { state }),
    ...(q ? { q } : {}),
  })
  return query.size === 0 ? '/v1/approvals.csv' : `/v1/approvals.csv?${query.toString()}`
}

export function listMarkup(
  locale: Locale,
  query: ListQuery,
  page: ApprovalPage,
  now: UnixSeconds,
): Html {
  const say = approvalWords[locale]
  const any = Object.values(page.counts).some((count) => count > 0)
  return html`<div class="head">
      <h1>${say.title}</h1>
      <div class="actions">
        <a class="button" href="/approvals/import">${importWords[locale].title}</a>
        <a class="button main" href="/approvals/new">${say.approve}</a>
      </div>
    </div>
    ${any && tools(say, locale, query, page)}
    ${page.rows.length === 0 ? nothing(say, any, Boolean(query.q)) : table(say, locale, query, page.rows, now)}
    ${
      page.rows.length > 0 &&
      html`<div class="pages">
        <p>
          ${say.found(page.total)} ·
          <a href="${exportPath(query)}">${importWords[locale].export}</a>
        </p>
        <p class="actions">
          ${
            query.cursor !== undefined &&
            html`<a class="button" href="${listPath({ ...query, cursor: undefined })}"
              >${say.first}</a
            >`
          }
          ${
            page.nextCursor !== undefined &&
            html`<a
              class="button"
              rel="next"
              href="${listPath({ ...query, cursor: page.nextCursor })}"
              >${say.next}</a
            >`
          }
        </p>
      </div>`
    }`
}

function tools(say: ApprovalWords, locale: Locale, query: ListQuery, page: ApprovalPage): Html {
  const { active, ending, ended, withdrawn } = page.counts
  const number = new Intl.NumberFormat(locale)
  const tab = (state: ApprovalState | undefined, label: string, count: number): Html => {
    const to = listPath({ ...query, state, cursor: undefined })
    return html`<li>
      <a href="${to}" ${state === query.state && html` aria-current="page"`}
        >${label}<span>${number.format(count)}</span></a
      >
    </li>`
  }
  const { states } = say
  return html`<div class="tools">
    <nav aria-label="${say.filter}">
      <ul class="tabs">
        ${tab(undefined, say.all, active + ending + ended + withdrawn)}
        ${tab('active', states.active, active + ending)} ${tab('ending', states.ending, ending)}
        ${tab('ended', states.ended, ended)} ${tab('withdrawn', states.withdrawn, withdrawn)}
      </ul>
    </nav>
    <form class="search" role="search" action="/approvals">
      ${query.state !== undefined && hidden('state', query.state)} ${hidden('sort', query.sort)}
      ${hidden('order', query.order)}
      <input
        type="search"
        name="q"
        value="${query.q}"
        maxlength="200"
        aria-label="${say.searchFor}"
        placeholder="${say.search}"
      />
      <button class="button">${say.search}</button>
    </form>
  </div>`
}

const nothing = (say: ApprovalWords, any: boolean, searched: boolean): Html => {
  const [title, text] = any ? (searched ? say.nothingFound : say.nothingInState) : say.none
  const [to, label] = any ? ['/approvals', say.showAll] : ['/approvals/new', say.approve]
  return html`<div class="card list empty">
    <h2>${title}</h2>
    <p>${text}</p>
    <a class="button" href="${to}">${label}</a>
  </div>`
}

function table(
  say: ApprovalWords,
  locale: Locale,
  query: ListQuery,
  rows: readonly ApprovalRow[],
  now: UnixSeconds,
): Html {
  const { columns } = say
  const heading = (name: ApprovalOrder['sort']): Html => {
    const sorted = query.sort === name
    const order = sorted && query.order === 'asc' ? 'desc' : 'asc'
    const sort = query.order === 'asc' ? 'ascending' : 'descending'
    const to = listPath({ ...query, sort: name, order, cursor: undefined })
    return html`<th role="columnheader" scope="col" ${sorted && html` aria-sort="${sort}"`}>
      <a href="${to}">${columns[name]}</a>
    </th>`
  }
  // On phones the table looks like cards. Screen readers need the roles to read it as a table then.
  return html`<div class="card list">
    <table role="table">
      <thead role="rowgroup">
        <tr role="row">
          ${heading('email')} ${heading('company')}
          <th role="columnheader" scope="col">${columns.state}</th>
          ${heading('expiresAt')} ${heading('approvedAt')}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map((row) => line(say, locale, row, now))}
      </tbody>
    </table>
  </div>`
}

function line(say: ApprovalWords, locale: Locale, row: ApprovalRow, now: UnixSeconds): Html {
  const { company, reason, expiresAt } = contentOf(row)
  const { columns } = say
  const soft = (text: Content) => html`<p>${text}</p>`
  return html`<tr role="row">
    <td role="cell">
      <a class="name long" href="${approvalPath(row.email)}">${breakable(row.email)}</a>
    </td>
    <td role="cell" data-label="${columns.company}">
      <div>
        <p class="long">${company ?? '–'}</p>
        ${reason !== null && html`<p class="long">${reason}</p>`}
      </div>
    </td>
    <td role="cell" data-label="${columns.state}">${stateBadge(say, stateOf(row, now))}</td>
    <td role="cell" data-label="${columns.expiresAt}">
      <div>
        ${
          expiresAt === null
            ? html`<p class="soft">${say.noEnd}</p>`
            : html`<p>${distance(expiresAt, now, locale)}</p>
                ${soft(day(expiresAt, locale))}`
        }
      </div>
    </td>
    <td role="cell" data-label="${columns.approvedAt}">
      <div>
        <p>${row.approvedAt === undefined ? '–' : day(row.approvedAt, locale)}</p>
        ${row.approvedBy !== undefined && soft(breakable(say.by(row.approvedBy)))}
      </div>
    </td>
  </tr>`
}

export const stateBadge = (say: ApprovalWords, state: keyof ApprovalWords['states']): Html =>
  html`<span><span class="state ${state}">${say.states[state]}</span></span>`
