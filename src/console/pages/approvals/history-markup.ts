import type { Locale } from '../../../base/locale.ts'
import { unixSeconds } from '../../../base/time.ts'
import type { Item } from '../../../dynamo/items.ts'
import type { AuditRow } from '../../../model/audit.ts'
import { actionText } from '../action-text.ts'
import { html, type Content, type Html } from '../html.ts'
import { dayText, moment } from '../when.ts'
import type { ApprovalWords } from './approval-words.ts'
import { approvalWords } from './words.ts'

/** The changes of an approval, newest first. */
export const historyList = (locale: Locale, history: readonly AuditRow[]): Html =>
  html`<ol class="history">
    ${history.map((entry) => item(locale, entry))}
  </ol>`

/** An approval that answered a request looks like any other approval. */
const CLASSES: Record<string, string> = {
  request_approved: 'created',
  request_declined: 'withdrawn',
}

function item(locale: Locale, { action, by, createdAt, reason, before, after }: AuditRow): Html {
  const say = approvalWords[locale]
  const told = action === 'approval_withdrawn' || after == null
  return html`<li class="${CLASSES[action] ?? action.replace('approval_', '')}">
    <p><strong>${actionText(locale, action)}</strong></p>
    <p class="soft small">${moment(createdAt, locale)}, ${say.by(by)}</p>
    ${told && reason !== undefined && html`<p class="small">${reason}</p>`}
    ${!told && changes(say, locale, before ?? null, after ?? null)}
  </li>`
}

const SHOWN = ['expiresAt', 'company', 'reason', 'notes', 'phoneNumber'] as const
/** What a change changed. For a new approval: its end, company and reason. */
function changes(
  say: ApprovalWords,
  locale: Locale,
  before: Item | null,
  after: Item | null,
): Content {
  const names = SHOWN.filter((name) =>
    before === null
      ? name === 'expiresAt' || name === 'reason' || (name === 'company' && after?.[name] != null)
      : (before[name] ?? null) !== (after?.[name] ?? null),
  )
  if (names.length === 0) return null
  const value = (item: Item, name: (typeof SHOWN)[number]) => {
    const is = item[name] ?? null
    if (name !== 'expiresAt') return typeof is === 'string' ? is : '–'
    return typeof is === 'number' ? dayText(unixSeconds(is), locale) : say.noEnd
  }
  return html`<ul class="changes">
    ${names.map(
      (name) =>
        html`<li>
          <span class="soft"
            >${name === 'expiresAt' ? say.columns.expiresAt : say.fields[name]}:</span
          >
          ${before !== null && html`<del class="long">${value(before, name)}</del> `}<ins
            class="long"
            >${value(after ?? {}, name)}</ins
          >
        </li>`,
    )}
  </ul>`
}
