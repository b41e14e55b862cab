import { requireLiveActor } from '../../actor.ts'
import { consoleDepsOf, type ConsoleContext } from '../../deps.ts'
import { guardedRoutes } from '../../guards.ts'
import { allowMailTo } from '../../people/allow-mail.ts'
import { whyWords } from '../../why/words.ts'
import { readForm } from '../form.ts'
import { localeOf, redirect } from '../frame.ts'
import { html } from '../html.ts'
import { confirmForm, type Sent } from './end-markup.ts'
import { refused } from './end-routes.ts'
import { emailOf, loadPerson } from './load.ts'
import { parseEnd } from './parse.ts'
import { allowMailPath, personPath } from './path.ts'
import { said } from './said.ts'
import { showPage } from './show-page.ts'
import { peopleWords } from './words.ts'

/** Sends emails again to an address whose mailbox refused one. It asks for a reason first. */
export const mailPages = guardedRoutes('admin', 'page')

mailPages.get('/people/:person/allow-mail', (c) =>
  askMail(c, emailOf(c), { typed: {}, errors: {} }),
)

mailPages.post('/people/:person/allow-mail', async (c) => {
  const email = emailOf(c)
  const typed = await readForm(c)
  const parsed = parseEnd(typed, peopleWords[localeOf(c)])
  if (!parsed.ok) return askMail(c, email, { typed, errors: parsed.errors })
  const [allowed] = await Promise.all([
    allowMailTo(consoleDepsOf(c), c.get('actor'), { email }, parsed.value.reason),
    requireLiveActor(c),
  ])
  if (!allowed.ok) return refused(c, email, allowed.reason)
  return redirect(c, personPath(email, '?done=mail_allowed'))
})

async function askMail(c: ConsoleContext, email: string, sent: Sent): Promise<Response> {
  const locale = localeOf(c)
  const { person, own } = await loadPerson(c, email)
  const refusal = person.mailRefused
  if (refusal === null || own) return redirect(c, personPath(email))
  const { confirmMail } = peopleWords[locale]
  const hasErrors = Object.keys(sent.errors).length > 0
  const content = confirmForm(locale, email, {
    action: allowMailPath(email),
    words: confirmMail,
    what: html`<p>${said(locale, whyWords[locale].refused[refusal.why](refusal.at))}</p>
      <p class="soft">${confirmMail.after}</p>`,
    sent,
  })
  return showPage(c, email, content, { status: hasErrors ? 400 : 200, hasErrors, narrow: true })
}
