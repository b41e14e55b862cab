import { fromUtf8, utf8 } from '../../base/encoding.ts'
import type { ConsoleDeps } from '../deps.ts'
import type { PersonRows } from '../person.ts'
import { eventsOf, isAfter, placeOf, type PersonEvent, type Place } from './events.ts'

export type Timeline = { events: PersonEvent[]; nextCursor: string | undefined }

/**
 * One page of a person's events, newest first. A cursor contains the event after which the page begins, so new events
 * neither repeat nor hide an event.
 * @returns null if the cursor does not belong to this person.
 */
export async function timelineOf(
  deps: ConsoleDeps,
  rows: PersonRows,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Timeline | null> {
  const after = cursor === undefined ? undefined : await openCursor(deps, rows.email, cursor)
  if (after === null) return null
  const all = eventsOf(deps.config, rows, deps.world.now())
  const rest = after === undefined ? all : all.filter((event) => isAfter(placeOf(event), after))
  const events = rest.slice(0, limit)
  const last = events.at(-1)
  const more = last !== undefined && rest.length > limit
  return {
    events,
    nextCursor: more ? await sealCursor(deps, rows.email, placeOf(last)) : undefined,
  }
}

type Cursor = [kind: 'person', email: string, place: Place]

const sealCursor = ({ seals }: ConsoleDeps, email: string, place: Place) =>
  seals.seal('cursor', utf8(JSON.stringify(['person', email, place] satisfies Cursor)))

async function openCursor({ seals }: ConsoleDeps, email: string, cursor: string) {
  const opened = await seals.open('cursor', cursor)
  if (opened === null) return null
  const [kind, of, place] = JSON.parse(fromUtf8(opened.bytes)) as Cursor
  return kind === 'person' && of === email ? place : null
}
