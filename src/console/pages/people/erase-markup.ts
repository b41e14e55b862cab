import type { Locale } from '../../../base/locale.ts'
import { describedBy, hidden, idOf, input, saidOf } from '../form.ts'
import { html, type Html } from '../html.ts'
import { confirmForm, sessionNames, type Sent } from './end-markup.ts'
import type { OnePerson } from './load.ts'
import { personPath } from './path.ts'
import { peopleWords } from './words.ts'

/** Names what is erased. @param shutOut whether the approval row shuts out a company address, so that it must stay. */
export function eraseMarkup(locale: Locale, one: OnePerson, shutOut: boolean, sent: Sent): Html {
  const { email, person, rows, now } = one
  const { confirmErase: say } = peopleWords[locale]
  const { sessions, approval, request, userId } = person
  const { typed, errors } = sent
  const again = {
    form: 'end',
    name: 'again',
    label: say.again,
    hint: say.againHint(email),
    typed,
    errors,
  }
  const what = html`<div class="notice bad">
      <ul>
        ${userId !== null && html`<li>${say.identity}</li>`}
        <li>${say.sessions(sessions.length)}${sessionNames(locale, sessions, now)}</li>
        <li>${say.links(rows.links.length)}</li>
        ${request !== null && html`<li>${say.request}</li>`}
      </ul>
    </div>
    <p class="soft">
      ${approval !== null && !shutOut && `${say.approvalStays} `}${shutOut && `${say.shutOut} `}${say.after}
    </p>`
  const attributes = html` maxlength="320" required autocomplete="off" autocapitalize="none"
  spellcheck="false"`
  return confirmForm(locale, email, {
    action: personPath(email, '/erase'),
    words: say,
    what,
    sent,
    reasonHint: say.reasonHint,
    fields: html`${input(again, attributes)}
    ${approval !== null && !shutOut && approvalToo(locale, sent)}
    ${hidden('userId', typed['userId'] ?? userId ?? '')}`,
  })
}

function approvalToo(locale: Locale, { typed, errors }: Sent): Html {
  const label = peopleWords[locale].confirmErase.approval
  const field = { form: 'end', name: 'approval', label, typed, errors }
  return html`<div class="field">
    ${saidOf(field)}
    <div class="choice">
      <input
        type="checkbox"
        id="${idOf('end', 'approval')}"
        name="approval"
        value="yes"
        ${typed['approval'] === 'yes' && html` checked`}${describedBy(field)}
      />
      <label for="${idOf('end', 'approval')}">${label}</label>
    </div>
  </div>`
}
