import { normaliseEmail } from '../../../base/email-address.ts'
import { toSeconds, type UnixMs, type UnixSeconds } from '../../../base/time.ts'
import { Problem } from '../../../http/problem.ts'
import { requireLiveActor } from '../../actor.ts'
import { consoleDepsOf, type ConsoleContext } from '../../deps.ts'
import { describePerson } from '../../people/describe.ts'
import { isOwn } from '../../people/end.ts'
import { readPerson, type PersonRows } from '../../person.ts'

export type Described = Awaited<ReturnType<typeof describePerson>>
export type DescribedSession = Described['sessions'][number]

export type OnePerson = {
  email: string
  rows: PersonRows
  person: Described
  /** Whether the actor is this person. People cannot end their own access here. */
  own: boolean
  nowMs: UnixMs
  now: UnixSeconds
}

/** Reads a person, in parallel with the actor's own rows: one round trip. */
export async function loadPerson(c: ConsoleContext, email: string): Promise<OnePerson> {
  const deps = consoleDepsOf(c)
  const [rows] = await Promise.all([readPerson(deps, email), requireLiveActor(c)])
  const nowMs = deps.world.now()
  const person = await describePerson(deps.config, rows, nowMs)
  const own = isOwn(c.get('actor'), email)
  return { email, rows, person, own, nowMs, now: toSeconds(nowMs) }
}

/** The address in the path, in its canonical form. @throws Problem 404 */
export function emailOf(c: ConsoleContext): string {
  const email = normaliseEmail(c.req.param('person') ?? '')
  if (email === null) throw new Problem('not_found')
  return email
}
