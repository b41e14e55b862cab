import { auditOf } from '../../../model/audit.ts'
import type { RequestRows } from '../../requests/read.ts'
import { consoleDepsOf, type ConsoleContext } from '../../deps.ts'
import { approvalPath } from '../approvals/list-markup.ts'
import { localeOf } from '../frame.ts'
import { html, type Content, type Html } from '../html.ts'
import type { Done } from './path.ts'
import { requestWords } from './words.ts'

/** What was decided. Anyone can make a link to this page, so the notice is only shown if the row agrees. */
export function doneNotice(
  c: ConsoleContext,
  email: string,
  done: Done,
  { request }: RequestRows,
): Content {
  const say = requestWords[localeOf(c)]
  if (request?.decided !== (done === 'declined' ? 'declined' : 'approved')) return null
  const open = html` <a href="${approvalPath(email)}">${say.openApproval}</a>`
  return html`<p class="notice good" role="status" tabindex="-1" data-focus>
    ${say.done[done](email)}${done !== 'declined' && open}
  </p>`
}

/** What another approver did first, from the history of the address. The index is eventually consistent. */
export async function fasterNotice(c: ConsoleContext, email: string): Promise<Html> {
  const { config, db } = consoleDepsOf(c)
  const say = requestWords[localeOf(c)]
  const { rows } = await db.query(auditOf(config, email))
  const last = rows
    .toSorted((a, b) => b.changedAtMs - a.changedAtMs)
    .find(({ action }) => action === 'request_approved' || action === 'request_declined')
  if (last === undefined) return warning(say.faster, say.gone(email))
  const told = last.action === 'request_approved' ? say.fasterApproved : say.fasterDeclined
  return warning(say.faster, told(email, last.by), last.reason)
}

export const goneNotice = (c: ConsoleContext, email: string): Html =>
  html`<p class="notice warn" role="alert">${requestWords[localeOf(c)].gone(email)}</p>`

export const refusedNotice = (email: string, text: string): Html => warning(email, text)

const warning = (title: string, text: string, more?: string): Html =>
  html`<div class="notice warn tight" role="alert" tabindex="-1" data-focus>
    <h2>${title}</h2>
    <p>${text}</p>
    ${more !== undefined && html`<p class="soft long">${more}</p>`}
  </div>`
