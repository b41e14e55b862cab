import { expect } from 'vitest'
import type { describePerson } from '../../../src/console/people/describe.ts'
import type { PersonEvent } from '../../../src/console/people/events.ts'
import { send, type Console, type Headers } from './console.ts'

export type Person = Awaited<ReturnType<typeof describePerson>>
export type PersonPage = { person: Person; events: PersonEvent[]; nextCursor?: string }

export const personPath = (person: string): string => `/v1/people/${encodeURIComponent(person)}`

export async function readPerson(
  app: Console,
  who: Headers,
  person: string,
  query = '',
): Promise<PersonPage> {
  const answer = await send(app, 'GET', personPath(person) + query, who)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return answer.json()
}

export const endOne = (
  app: Console,
  who: Headers,
  person: string,
  sessionId: string,
  body: object = { reason: 'A lost phone' },
): Promise<Response> =>
  send(app, 'DELETE', `${personPath(person)}/sessions/${sessionId}`, who, body)

export const endEvery = (
  app: Console,
  who: Headers,
  person: string,
  body: object = { reason: 'A lost laptop' },
): Promise<Response> => send(app, 'DELETE', `${personPath(person)}/sessions`, who, body)

export const erase = (
  app: Console,
  who: Headers,
  person: string,
  body: object = {},
): Promise<Response> =>
  send(app, 'DELETE', personPath(person), who, { reason: 'Ticket 4711', ...body })

export const allowMails = (app: Console, who: Headers, person: string): Promise<Response> =>
  send(app, 'DELETE', `${personPath(person)}/mail-refusal`, who, { reason: 'They called' })
