import { Problem } from '../../../http/problem.ts'
import { unauthorized } from '../../../http/session-guard.ts'
import { isShutOut } from '../../../model/erasure.ts'
import { isRecent, requireLiveActor } from '../../actor.ts'
import { consoleDepsOf, type ConsoleContext } from '../../deps.ts'
import { guardedRoutes } from '../../guards.ts'
import { endSessionOf, endSessionsOf, type EndRefusal } from '../../people/end.ts'
import { erasePerson, type EraseRefusal } from '../../people/erase.ts'
import { readForm, type Errors, type Typed } from '../form.ts'
import { localeOf, redirect } from '../frame.ts'
import type { Html } from '../html.ts'
import { signInPath } from '../local-path.ts'
import { endAllMarkup, endOneMarkup, type Sent } from './end-markup.ts'
import { eraseMarkup } from './erase-markup.ts'
import { emailOf, loadPerson, type OnePerson } from './load.ts'
import { parseEnd, parseErase } from './parse.ts'
import { endSessionPath, PEOPLE, personPath } from './path.ts'
import { showPage } from './show-page.ts'
import { showPerson } from './show-person.ts'
import { peopleWords } from './words.ts'

/** The routes that end a person's access. Each asks for a confirmation and requires a recent sign-in. */
export const endPages = guardedRoutes('admin', 'page')

const NOTHING: Sent = { typed: {}, errors: {} }

endPages.get('/people/:person/sessions/:id/end', async (c) => {
  const email = emailOf(c)
  const path = endSessionPath(email, sessionIdOf(c))
  return isFresh(c) ? askOne(c, email, NOTHING) : toRecentSignIn(c, path)
})

endPages.post('/people/:person/sessions/:id/end', async (c) => {
  const email = emailOf(c)
  const id = sessionIdOf(c)
  if (!isFresh(c)) return toRecentSignIn(c, endSessionPath(email, id))
  const typed = await readForm(c)
  const parsed = parseEnd(typed, sayFor(c))
  if (!parsed.ok) return askOne(c, email, { typed, errors: parsed.errors })
  const [ended] = await Promise.all([
    endSessionOf(consoleDepsOf(c), c.get('actor'), { email }, id, parsed.value.reason),
    requireLiveActor(c),
  ])
  if (!ended.ok) return refused(c, email, ended.reason)
  return redirect(c, personPath(email, '?done=session_ended'))
})

endPages.get('/people/:person/end', async (c) => {
  const email = emailOf(c)
  return isFresh(c) ? askAll(c, email, NOTHING) : toRecentSignIn(c, personPath(email, '/end'))
})

endPages.post('/people/:person/end', async (c) => {
  const email = emailOf(c)
  if (!isFresh(c)) return toRecentSignIn(c, personPath(email, '/end'))
  const typed = await readForm(c)
  const parsed = parseEnd(typed, sayFor(c))
  if (!parsed.ok) return askAll(c, email, { typed, errors: parsed.errors })
  const { userId, reason } = parsed.value
  const [ended] = await Promise.all([
    endSessionsOf(consoleDepsOf(c), c.get('actor'), { email, userId }, reason),
    requireLiveActor(c),
  ])
  if (!ended.ok) return refused(c, email, ended.reason)
  return redirect(c, personPath(email, '?done=sessions_ended'))
})

endPages.get('/people/:person/erase', async (c) => {
  const email = emailOf(c)
  return isFresh(c) ? askErase(c, email, NOTHING) : toRecentSignIn(c, personPath(email, '/erase'))
})

endPages.post('/people/:person/erase', async (c) => {
  const email = emailOf(c)
  if (!isFresh(c)) return toRecentSignIn(c, personPath(email, '/erase'))
  const typed = await readForm(c)
  const parsed = parseErase(typed, email, sayFor(c))
  if (!parsed.ok) return askErase(c, email, { typed, errors: parsed.errors })
  const [erased] = await Promise.all([
    erasePerson(consoleDepsOf(c), c.get('actor'), { email, ...parsed.value }),
    requireLiveActor(c),
  ])
  if (erased.ok) return redirect(c, `${PEOPLE}?done=erased`)
  if (erased.reason === 'shut_out') return askErase(c, email, { typed, errors: {} }, 409)
  return refused(c, email, erased.reason)
})

const sayFor = (c: ConsoleContext) => peopleWords[localeOf(c)]

const isFresh = (c: ConsoleContext): boolean =>
  isRecent(c.get('actor'), consoleDepsOf(c).world.now())

const toRecentSignIn = (c: ConsoleContext, path: string): Response =>
  redirect(c, signInPath(path, 'recent'))

/** @throws Problem 404 */
function sessionIdOf(c: ConsoleContext): string {
  const id = c.req.param('id') ?? ''
  if (!/^ses_[A-Za-z0-9_-]{22}$/.test(id)) throw new Problem('not_found')
  return id
}

function askOne(c: ConsoleContext, email: string, sent: Sent): Promise<Response> {
  return ask(c, email, sent, (one) => {
    const session = one.person.sessions.find(({ id }) => id === sessionIdOf(c))
    if (session === undefined) throw new Problem('not_found')
    return session.alive ? endOneMarkup(localeOf(c), one, session, sent) : null
  })
}

const askAll = (c: ConsoleContext, email: string, sent: Sent): Promise<Response> =>
  ask(c, email, sent, (one) =>
    one.person.userId === null ? null : endAllMarkup(localeOf(c), one, sent),
  )

const askErase = (
  c: ConsoleContext,
  email: string,
  sent: Sent,
  status?: number,
): Promise<Response> =>
  ask(
    c,
    email,
    sent,
    (one) => {
      const { approval } = one.rows
      const shutOut = approval !== undefined && isShutOut(consoleDepsOf(c).config, approval)
      return eraseMarkup(localeOf(c), one, shutOut, sent)
    },
    status,
  )

/** Shows a confirmation page. @param markup null if there is nothing to end. Then the person's page says so. */
async function ask(
  c: ConsoleContext,
  email: string,
  { errors }: { typed: Typed; errors: Errors },
  markup: (one: OnePerson) => Html | null,
  status?: number,
): Promise<Response> {
  const one = await loadPerson(c, email)
  const content = one.own ? null : markup(one)
  if (content === null) return redirect(c, personPath(email))
  const hasErrors = Object.keys(errors).length > 0
  return showPage(c, email, content, {
    status: status ?? (hasErrors ? 400 : 200),
    hasErrors,
    narrow: true,
  })
}

/** Shows the person's page, which says why nothing was done. */
export function refused(
  c: ConsoleContext,
  email: string,
  reason: EndRefusal | Exclude<EraseRefusal, 'shut_out'>,
): Promise<Response> {
  if (reason === 'actor') throw unauthorized(c, 'invalid_token', 'revoked')
  if (reason === 'busy') throw new Problem('unavailable', { headers: { 'Retry-After': '2' } })
  if (reason === 'own') return showPerson(c, email, { refused: sayFor(c).own }, 403)
  return showPerson(c, email, { refused: sayFor(c).gone }, 409)
}
