import type { Locale } from '../../../base/locale.ts'
import type { AuditRow } from '../../../model/audit.ts'
import type { SessionRow } from '../../../model/session.ts'
import { errorSummary, hidden, input, type Errors, type Typed } from '../form.ts'
import { frameWords } from '../frame-words.ts'
import { breakable, html, type Html } from '../html.ts'
import { moment } from '../when.ts'
import { historyList } from './history-markup.ts'
import { approvalPath } from './list-markup.ts'
import type { OneApproval } from './load.ts'
import { approvalWords } from './words.ts'

/** Names what will end, before it ends. @param devices whether the reader may see the devices. */
export function withdrawMarkup(
  locale: Locale,
  { email, company, now }: OneApproval,
  etag: string,
  shown: {
    sessions: readonly SessionRow[]
    devices: boolean
    typed: Typed
    errors: Errors
    conflict?: AuditRow[] | undefined
  },
): Html {
  const say = approvalWords[locale]
  const { confirm } = say
  const { sessions, devices, typed, errors, conflict } = shown
  const field = {
    form: 'withdraw',
    name: 'reason',
    label: say.optional(confirm.reason),
    hint: confirm.reasonHint,
    typed,
    errors,
  }
  return html`<a class="back" href="${approvalPath(email)}">← ${email}</a>
    <form class="card stack" method="post" action="${approvalPath(email, '/withdraw')}" novalidate>
      <h1>${breakable(confirm.title(email))}</h1>
      ${
        conflict !== undefined &&
        html`<div class="notice warn tight" role="alert" tabindex="-1" data-focus>
          <h2>${say.conflict[0]}</h2>
          <p>${say.conflict[1]}</p>
          ${
            conflict.length === 0
              ? html`<p>${say.conflictOutside}</p>`
              : historyList(locale, conflict)
          }
        </div>`
      }
      ${errorSummary(frameWords[locale].problems, 'withdraw', errors)}
      <div class="notice bad">
        <p>
          ${
            sessions.length === 0
              ? confirm.noSessions(email)
              : confirm.sessions(sessions.length, email)
          }
        </p>
        ${
          devices &&
          sessions.length > 0 &&
          html`<ul>
            ${sessions.map((session) => device(locale, session))}
          </ul>`
        }
      </div>
      <p>${confirm.after} ${company && confirm.company}</p>
      <p class="soft">${confirm.again}</p>
      ${input(field, html` maxlength="500" autocomplete="off"`)} ${hidden('etag', etag)}
      ${hidden('opened', now)}
      <div class="actions">
        <button class="button end">${say.withdraw.replace('…', '')}</button>
        <a class="button" href="${approvalPath(email)}">${say.cancel}</a>
      </div>
    </form>`
}

const device = (locale: Locale, { deviceName, metadata }: SessionRow): Html =>
  html`<li>
    ${deviceName ?? metadata.userAgent}
    <span class="soft"
      >· ${approvalWords[locale].confirm.lastUsed} ${moment(metadata.lastUsedAt, locale)}</span
    >
  </li>`
