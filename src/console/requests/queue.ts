import { fromUtf8, utf8 } from '../../base/encoding.ts'
import { toSeconds } from '../../base/time.ts'
import { isWaiting, queryQueue, type AccessRequestRow } from '../../model/access-request.ts'
import { isApproved, type ApprovalRow } from '../../model/approval.ts'
import type { Actor } from '../actor.ts'
import type { ConsoleDeps } from '../deps.ts'

/**
 * All waiting requests, the oldest first. The index cannot sort them, so this reads all of them: one round trip for
 * each MB, which is about 1,200 requests. A budget allows 50 new ones an hour, and each waits for 14 days: at most 14
 * round trips.
 */
export async function readQueue({ config, db, world }: ConsoleDeps): Promise<AccessRequestRow[]> {
  const rows = await db.queryAll<AccessRequestRow>(queryQueue(config))
  const now = toSeconds(world.now())
  return rows
    .filter((row) => isWaiting(row, now))
    .toSorted((a, b) => compare(placeOf(a), placeOf(b)))
}

/**
 * The addresses that may already sign in although their request is waiting, because somebody approved them without it.
 * What remains is to send the link to the waiting device.
 */
export function approvedAmong(
  { config, world }: Pick<ConsoleDeps, 'config' | 'world'>,
  requests: readonly AccessRequestRow[],
  approvals: readonly ApprovalRow[],
): Set<string> {
  const now = toSeconds(world.now())
  const byEmail = new Map(approvals.map((row) => [row.email, row]))
  const emails = requests.map(({ email }) => email)
  return new Set(emails.filter((email) => isApproved(config, email, byEmail.get(email), now)))
}

export type QueuePage = {
  rows: AccessRequestRow[]
  /** The number on all pages. */
  total: number
  nextCursor: string | undefined
}

/**
 * One page. A cursor contains the request after which the page begins, not a number of requests. So if a request is
 * added or decided between two pages, no other request appears twice or is left out.
 * @param email without a cursor, the page is the one with the request of this address.
 * @returns null if the cursor does not belong to this queue and actor.
 */
export async function pageOfQueue(
  deps: ConsoleDeps,
  actor: Actor,
  all: readonly AccessRequestRow[],
  {
    limit,
    cursor,
    email,
  }: { limit: number; cursor?: string | undefined; email?: string | undefined },
): Promise<QueuePage | null> {
  const after = cursor === undefined ? undefined : await openCursor(deps, actor, cursor)
  if (after === null) return null
  const before = Math.max(
    0,
    all.findIndex((row) => row.email === email),
  )
  const rest =
    after === undefined
      ? all.slice(before - (before % limit))
      : all.filter((row) => compare(placeOf(row), after) > 0)
  const rows = rest.slice(0, limit)
  const last = rows.at(-1)
  const more = last !== undefined && rest.length > limit
  return {
    rows,
    total: all.length,
    nextCursor: more ? await sealCursor(deps, actor, placeOf(last)) : undefined,
  }
}

/** The sort key of a request: its first ask. It ends with the address, so that no two keys are equal. */
type Place = [createdAt: number, email: string]

const placeOf = ({ createdAt, email }: AccessRequestRow): Place => [createdAt, email]

const compare = ([atA, a]: Place, [atB, b]: Place): number =>
  atA - atB || (a < b ? -1 : a > b ? 1 : 0)

type Cursor = [kind: 'requests', actor: string, place: Place]

const sealCursor = ({ seals }: ConsoleDeps, { name }: Actor, place: Place) =>
  seals.seal('cursor', utf8(JSON.stringify(['requests', name, place] satisfies Cursor)))

async function openCursor({ seals }: ConsoleDeps, { name }: Actor, cursor: string) {
  const opened = await seals.open('cursor', cursor)
  if (opened === null) return null
  const [kind, of, place] = JSON.parse(fromUtf8(opened.bytes)) as Cursor
  return kind === 'requests' && of === name ? place : null
}
