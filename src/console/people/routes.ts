import { Problem } from '../../http/problem.ts'
import { readJson, readQuery } from '../../http/read.ts'
import { empty, json } from '../../http/scope.ts'
import { unauthorized } from '../../http/session-guard.ts'
import { requireLiveActor, requireRecent } from '../actor.ts'
import { consoleDepsOf, type ConsoleContext } from '../deps.ts'
import { guardedRoutes } from '../guards.ts'
import { emailOfUser, readPerson } from '../person.ts'
import { consoleProblem } from '../problem.ts'
import { allowMailTo } from './allow-mail.ts'
import { describePerson, isKnown } from './describe.ts'
import { endSessionOf, endSessionsOf, type EndedFor, type EndRefusal } from './end.ts'
import { namedBy, type Named } from './named.ts'
import { erasePerson, type EraseRefusal } from './erase.ts'
import { EndBody, EraseBody, NoQuery, PersonQuery } from './schema.ts'
import { timelineOf } from './timeline.ts'

export const peopleReadRoutes = guardedRoutes('people:read')
export const peopleWriteRoutes = guardedRoutes('people:write')

/**
 * A person by address (one round trip) or by user id (two), with the state of each session and a page of events, newest
 * first. For a former user id of an address, this returns the person who has the address now.
 */
peopleReadRoutes.get('/v1/people/:person', async (c) => {
  const deps = consoleDepsOf(c)
  const query = readQuery(c, PersonQuery())
  const named = personOf(c)
  const [rows] = await Promise.all([
    named.email === undefined
      ? emailOfUser(deps, named.userId).then((email) =>
          email === null ? null : readPerson(deps, email),
        )
      : readPerson(deps, named.email),
    requireLiveActor(c),
  ])
  if (rows === null || !isKnown(rows)) throw new Problem('not_found')
  const timeline = await timelineOf(deps, rows, query)
  if (timeline === null) {
    const errors = [{ pointer: '#/cursor', detail: 'is not a cursor of this person' }]
    throw new Problem('invalid_request', { errors })
  }
  const person = await describePerson(deps.config, rows, deps.world.now())
  return json(c, { person, ...timeline })
})

/** Ends one session. */
peopleWriteRoutes.delete('/v1/people/:person/sessions/:id', async (c) => {
  requireMayEnd(c)
  const { reason } = await readJson(c, EndBody())
  const sessionId = c.req.param('id') ?? ''
  const [person] = await Promise.all([requirePerson(c), requireLiveActor(c)])
  if (!/^ses_[A-Za-z0-9_-]{22}$/.test(sessionId)) throw new Problem('not_found')
  const ended = await endSessionOf(consoleDepsOf(c), c.get('actor'), person, sessionId, reason)
  return endedAnswer(c, ended)
})

/** Ends every session, and makes every link invalid. */
peopleWriteRoutes.delete('/v1/people/:person/sessions', async (c) => {
  requireMayEnd(c)
  const { reason } = await readJson(c, EndBody())
  const [person] = await Promise.all([requirePerson(c), requireLiveActor(c)])
  return endedAnswer(c, await endSessionsOf(consoleDepsOf(c), c.get('actor'), person, reason))
})

/** Sends emails to the address again whose mailbox refused one. It ends nobody's access, so any sign-in will do. */
peopleWriteRoutes.delete('/v1/people/:person/mail-refusal', async (c) => {
  readQuery(c, NoQuery())
  const { reason } = await readJson(c, EndBody())
  const [person] = await Promise.all([requirePerson(c), requireLiveActor(c)])
  return endedAnswer(c, await allowMailTo(consoleDepsOf(c), c.get('actor'), person, reason))
})

/**
 * Erases a person. Their access has ended before the response. Their rows are deleted after it. The response is the same
 * if nothing is left of the address, so a repeat is not an error and continues the deletion.
 */
peopleWriteRoutes.delete('/v1/people/:person', async (c) => {
  requireMayEnd(c)
  const { reason, approval } = await readJson(c, EraseBody())
  const actor = c.get('actor')
  if (approval && actor.kind === 'machine' && !actor.scopes.includes('approvals:write')) {
    throw consoleProblem('forbidden', {
      detail: 'Erasing the approval too requires the scope approvals:write.',
    })
  }
  const [person] = await Promise.all([requirePerson(c), requireLiveActor(c)])
  const erasure = { ...person, reason, approval }
  const erased = await erasePerson(consoleDepsOf(c), actor, erasure)
  if (!erased.ok) throw refusalOf(c, erased.reason)
  return json(c, { scrubbing: true }, 202)
})

/** Ending other people's access requires a recent sign-in. */
function requireMayEnd(c: ConsoleContext): void {
  requireRecent(c)
  readQuery(c, NoQuery())
}

const endedAnswer = (c: ConsoleContext, ended: EndedFor): Response => {
  if (!ended.ok) throw refusalOf(c, ended.reason)
  return empty(c, 204)
}

const refusalOf = (c: ConsoleContext, reason: EndRefusal | EraseRefusal): Problem =>
  ({
    absent: () => new Problem('not_found'),
    own: () =>
      consoleProblem('own_person', { detail: 'Sign out, or let another administrator do this.' }),
    actor: () => unauthorized(c, 'invalid_token', 'revoked'),
    shut_out: () =>
      consoleProblem('shut_out', { detail: 'Erase the person without the approval.' }),
    busy: () => new Problem('unavailable', { headers: { 'Retry-After': '2' } }),
  })[reason]()

function personOf(c: ConsoleContext): Named {
  const named = namedBy(c.req.param('person') ?? '')
  if (named === null) throw new Problem('not_found')
  return named
}

/** Finds the address of the person. For a user id, this is one round trip. */
async function requirePerson(
  c: ConsoleContext,
): Promise<{ email: string; userId?: string | undefined }> {
  const named = personOf(c)
  if (named.email !== undefined) return named
  const email = await emailOfUser(consoleDepsOf(c), named.userId)
  if (email === null) throw new Problem('not_found')
  return { email, userId: named.userId }
}
