import { Problem } from '../../../http/problem.ts'
import { requireLiveActor } from '../../actor.ts'
import { consoleDepsOf, type ConsoleContext } from '../../deps.ts'
import { guardedRoutes } from '../../guards.ts'
import { namedBy, type Named } from '../../people/named.ts'
import { emailOfUser } from '../../person.ts'
import { localeOf, redirect } from '../frame.ts'
import { findMarkup } from './find-markup.ts'
import { personPath } from './path.ts'
import type { PersonDone } from './people-words.ts'
import { showPage } from './show-page.ts'
import { showPerson } from './show-person.ts'
import { peopleWords } from './words.ts'

/** The pages about a person: who they are, what happened, and why they cannot sign in. */
export const peoplePages = guardedRoutes('admin', 'page')

/** The search field, and its result. */
peoplePages.get('/people', async (c) => {
  const q = c.req.query('q')
  if (q === undefined) {
    await requireLiveActor(c)
    return showFind(c, '')
  }
  const named = namedBy(q)
  if (named !== null) return toPerson(c, named)
  await requireLiveActor(c)
  return showFind(c, q, peopleWords[localeOf(c)].badPerson)
})

/** A person by address: one round trip. A user id redirects to the address. */
peoplePages.get('/people/:person', async (c) => {
  const named = namedBy(c.req.param('person') ?? '')
  if (named === null) throw new Problem('not_found')
  if (named.email === undefined) return toPerson(c, named)
  const done = c.req.query('done')
  const known = done !== undefined && Object.hasOwn(peopleWords[localeOf(c)].done, done)
  const cursor = c.req.query('cursor')
  return showPerson(c, named.email, { cursor, ...(known && { done: done as PersonDone }) })
})

async function toPerson(c: ConsoleContext, named: Named): Promise<Response> {
  const { email, userId } = named
  const [found] = await Promise.all([
    email ?? emailOfUser(consoleDepsOf(c), userId),
    requireLiveActor(c),
  ])
  if (found !== null) return redirect(c, personPath(found))
  return showFind(c, userId ?? '', peopleWords[localeOf(c)].unknownUser, 404)
}

function showFind(
  c: ConsoleContext,
  q: string,
  error?: string,
  status = error === undefined ? 200 : 400,
): Promise<Response> {
  const locale = localeOf(c)
  const errors = error === undefined ? {} : { q: error }
  const erased = c.req.query('done') === 'erased'
  const part = status === 400 && q.trim() !== '' && q.length <= 200 ? q.trim() : undefined
  const content = findMarkup(locale, { typed: { q }, errors, erased, part })
  return showPage(c, peopleWords[locale].title, content, {
    status,
    hasErrors: error !== undefined,
    narrow: true,
  })
}
