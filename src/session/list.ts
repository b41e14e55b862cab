import { fromUtf8, utf8 } from '../base/encoding.ts'
import { EMAIL_INDEX, USER_INDEX } from '../base/tables.ts'
import type { Query } from '../dynamo/db.ts'
import type { Item } from '../dynamo/items.ts'
import type { Deps } from '../http/deps.ts'
import type { LinkRow } from '../model/link.ts'
import { judgeSession, type SessionRows } from '../model/live-session.ts'
import type { SessionRow } from '../model/session.ts'
import { describeSession } from './describe.ts'

const PAGE_SIZE = 25

/** One page of a list. Null if the given cursor does not belong to this list. */
export type ListPage<Row> = { rows: Row[]; nextCursor: string | undefined } | null

/** The person and the kind of the list: a cursor does not open in any other list. */
type Owner = { list: 'sessions' | 'activity'; userId: string }

type Cursor = [list: Owner['list'], userId: string, lastKey: Item]

const sealCursor = ({ seals }: Deps, owner: Owner, lastKey: Item) =>
  seals.seal('cursor', utf8(JSON.stringify([owner.list, owner.userId, lastKey] satisfies Cursor)))

async function openCursor({ seals }: Deps, owner: Owner, cursor: string): Promise<Item | null> {
  const opened = await seals.open('cursor', cursor)
  if (opened === null) return null
  // What opens was sealed by sealCursor.
  const [list, userId, lastKey] = JSON.parse(fromUtf8(opened.bytes)) as Cursor
  return list === owner.list && userId === owner.userId ? lastKey : null
}

async function queryPage<Row>(
  deps: Deps,
  owner: Owner,
  query: Omit<Query<Row>, 'TableName' | 'Limit'>,
  cursor: string | undefined,
): Promise<ListPage<Row>> {
  const from = cursor === undefined ? undefined : await openCursor(deps, owner, cursor)
  if (from === null) return null
  const page = await deps.db.query<Row>({
    TableName: deps.config.TOKENS_TABLE,
    Limit: PAGE_SIZE,
    ...query,
    ...(from === undefined ? {} : { ExclusiveStartKey: from }),
  })
  const nextCursor = page.lastKey && (await sealCursor(deps, owner, page.lastKey))
  return { rows: page.rows, nextCursor }
}

/** A person's session rows (access pattern 3), including ended ones: see liveSessions. */
export const querySessions = (
  deps: Deps,
  { userId }: { userId: string },
  cursor: string | undefined,
): Promise<ListPage<SessionRow>> =>
  queryPage<SessionRow>(
    deps,
    { list: 'sessions', userId },
    {
      IndexName: USER_INDEX,
      KeyConditionExpression: 'userId = :userId AND tokenType = :type',
      ExpressionAttributeValues: { ':userId': userId, ':type': 'session' },
    },
    cursor,
  )

/**
 * Recent links and sessions of an address, newest first (access pattern 4). The index is keyed by address, so rows of
 * a previous owner of the address are left out here.
 */
export async function queryActivity(
  deps: Deps,
  { userId, email }: { userId: string; email: string },
  cursor: string | undefined,
): Promise<ListPage<LinkRow | SessionRow>> {
  const page = await queryPage<LinkRow | SessionRow>(
    deps,
    { list: 'activity', userId },
    {
      IndexName: EMAIL_INDEX,
      KeyConditionExpression: 'email = :email',
      ExpressionAttributeValues: { ':email': email },
      ScanIndexForward: false,
    },
    cursor,
  )
  return page && { ...page, rows: page.rows.filter((row) => row.userId === userId) }
}

/** The live sessions of a page, according to their own rows and the address row, which is read in parallel. */
export function liveSessions(
  { config, world }: Deps,
  rows: readonly SessionRow[],
  asking: SessionRows & { session: SessionRow },
) {
  const nowMs = world.now()
  return rows
    .filter((session) => judgeSession(config, { ...asking, session }, asking.session, nowMs).ok)
    .map((session) => ({
      ...describeSession(session),
      current: session.tokenId === asking.session.tokenId,
    }))
}
