import type { Locale } from '../../../base/locale.ts'
import { errorSummary, hidden, input, type Errors, type Typed } from '../form.ts'
import { frameWords } from '../frame-words.ts'
import { html, type Content, type Html } from '../html.ts'
import { distance } from '../when.ts'
import type { DescribedSession, OnePerson } from './load.ts'
import { endSessionPath, personPath } from './path.ts'
import { deviceOf, sessionFacts } from './sessions-markup.ts'
import { peopleWords } from './words.ts'

export type Sent = { typed: Typed; errors: Errors }

/** The confirmation page, which names the session. */
export function endOneMarkup(
  locale: Locale,
  { email, now }: OnePerson,
  session: DescribedSession,
  sent: Sent,
): Html {
  const { confirmOne } = peopleWords[locale]
  const what = html`<div class="notice bad tight">
      <p><strong class="long">${deviceOf(locale, session)}</strong></p>
      ${sessionFacts(locale, session, now)}
    </div>
    <p class="soft">${confirmOne.after}</p>`
  return confirmForm(locale, email, {
    action: endSessionPath(email, session.id),
    words: confirmOne,
    what,
    sent,
  })
}

/** The confirmation page, which names every session. The form contains the user id that this page shows. */
export function endAllMarkup(locale: Locale, one: OnePerson, sent: Sent): Html {
  const { email, person, now } = one
  const { confirmAll } = peopleWords[locale]
  const alive = person.sessions.filter((session) => session.alive)
  const what = html`<div class="notice bad">
      <p>
        ${alive.length === 0 ? confirmAll.noSessions(email) : confirmAll.sessions(alive.length, email)}
      </p>
      ${sessionNames(locale, alive, now)}
    </div>
    <p class="soft">${confirmAll.after}</p>`
  return confirmForm(locale, email, {
    action: personPath(email, '/end'),
    words: confirmAll,
    what,
    sent,
    fields: hidden('userId', sent.typed['userId'] ?? person.userId ?? ''),
  })
}

/** A list of the devices of the sessions. */
export const sessionNames = (
  locale: Locale,
  sessions: readonly DescribedSession[],
  now: OnePerson['now'],
): Content =>
  sessions.length > 0 &&
  html`<ul class="ending">
    ${sessions.map(
      (session) =>
        html`<li>
          <span class="long">${deviceOf(locale, session)}</span>
          <span class="soft small">${distance(session.lastUsedAt, now, locale)}</span>
        </li>`,
    )}
  </ul>`

/** The form for the reason, with the button of an action that cannot be undone. */
export function confirmForm(
  locale: Locale,
  email: string,
  {
    action,
    words,
    what,
    sent,
    fields = null,
    reasonHint,
  }: {
    action: string
    words: { title: (email: string) => string; button: string }
    what: Html
    sent: Sent
    fields?: Content
    reasonHint?: string
  },
): Html {
  const say = peopleWords[locale]
  const { typed, errors } = sent
  const reason = {
    form: 'end',
    name: 'reason',
    label: say.reason,
    hint: reasonHint ?? say.reasonHint,
    typed,
    errors,
  }
  return html`<a class="back" href="${personPath(email)}">← ${email}</a>
    <form class="card stack" method="post" action="${action}" novalidate>
      <h1>${words.title(email)}</h1>
      ${errorSummary(frameWords[locale].problems, 'end', errors)} ${what}
      ${input(reason, html` maxlength="500" required autocomplete="off"`)} ${fields}
      <div class="actions">
        <button class="button end">${words.button}</button>
        <a class="button" href="${personPath(email)}">${say.cancel}</a>
      </div>
    </form>`
}
