import * as z from 'zod/mini'
import { fromUtf8, utf8 } from '../base/encoding.ts'
import { lazily } from '../base/lazily.ts'
import type { Query } from '../dynamo/db.ts'
import type { Item } from '../dynamo/items.ts'
import type { Deps } from './deps.ts'
import { Problem } from './problem.ts'
import { textOf } from './schema-parts.ts'

const PAGE_SIZE = 25

/** One page of a list. Null if the given cursor does not belong to this list. */
export type ListPage<Row> = { rows: Row[]; nextCursor: string | undefined } | null

/** The person and the kind of the list: a cursor does not open in any other list. */
export type Owner = { list: 'sessions' | 'activity' | 'export'; userId: string }

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

/** One page, from the place that the cursor names. */
export async function queryPage<Row>(
  deps: Deps,
  owner: Owner,
  query: Omit<Query<Row>, 'TableName'>,
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

export const PageQuery = lazily(() => z.strictObject({ cursor: z.optional(textOf(0, 2048)) }))

/** @throws Problem 400 if the cursor does not belong to this list. */
export function ofThisList<Row>(page: ListPage<Row>): NonNullable<ListPage<Row>> {
  if (page !== null) return page
  const errors = [{ pointer: '#/cursor', detail: 'is not a valid cursor for this list' }]
  throw new Problem('invalid_request', { errors })
}
