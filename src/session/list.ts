import * as z from 'zod/mini'
import { fromUtf8, utf8 } from '../base/encoding.ts'
import type { Deps } from '../http/deps.ts'
import type { Query } from '../dynamo/db.ts'
import type { Item } from '../dynamo/items.ts'
import { EMAIL_INDEX, USER_INDEX } from '../base/tables.ts'
import { Problem } from '../http/problem.ts'
import type { UserRow } from '../model/address.ts'
import { describeSession } from './describe.ts'
import { judgeSession } from '../model/judge.ts'
import type { SessionRow } from '../model/session.ts'

const PAGE_SIZE = 25

export type Page = { items: SessionRow[]; nextCursor: string | undefined }

/** Whose list, and which: a cursor of one opens nowhere else. */
type Owner = { list: 'sessions' | 'activity'; userId: string }

const Cursor = z.lazy(() =>
  z.tuple([z.string(), z.string(), z.record(z.string(), z.union([z.string(), z.number()]))]),
)

const sealCursor = (deps: Deps, owner: Owner, lastKey: Item) =>
  deps.seals.seal('cursor', utf8(JSON.stringify([owner.list, owner.userId, lastKey])))

/** @throws Problem 400 for a cursor that was tampered with, or is another list's or another person's. */
async function openCursor(deps: Deps, owner: Owner, cursor: string): Promise<Item> {
  const opened = await deps.seals.open('cursor', cursor)
  const parsed = opened && Cursor.safeParse(JSON.parse(fromUtf8(opened.bytes)))
  if (!parsed?.success || parsed.data[0] !== owner.list || parsed.data[1] !== owner.userId) {
    throw new Problem('invalid_request', {
      errors: [{ pointer: '#/cursor', detail: 'is not a cursor of this list' }],
    })
  }
  return parsed.data[2]
}

/** One page of an index, from a cursor of the same list and person on. */
async function queryPage(
  deps: Deps,
  owner: Owner,
  query: Omit<Query, 'TableName' | 'Limit'>,
  cursor: string | undefined,
): Promise<Page> {
  const from = cursor === undefined ? undefined : await openCursor(deps, owner, cursor)
  const page = await deps.db.query({
    TableName: deps.config.TOKENS_TABLE,
    Limit: PAGE_SIZE,
    ...query,
    ...(from === undefined ? {} : { ExclusiveStartKey: from }),
  })
  const nextCursor = page.lastKey && (await sealCursor(deps, owner, page.lastKey))
  return { items: page.items as SessionRow[], nextCursor }
}

/** A person's session rows (access pattern 3), dead ones among them: see liveSessions. */
export const querySessions = (
  deps: Deps,
  { userId }: { userId: string },
  cursor: string | undefined,
): Promise<Page> =>
  queryPage(
    deps,
    { list: 'sessions', userId },
    {
      IndexName: USER_INDEX,
      KeyConditionExpression: 'userId = :userId AND tokenType = :type',
      ExpressionAttributeValues: { ':userId': userId, ':type': 'session' },
    },
    cursor,
  )

/** Recent links and sessions of an address, newest first (access pattern 4). */
export const queryActivity = (
  deps: Deps,
  { userId, email }: { userId: string; email: string },
  cursor: string | undefined,
): Promise<Page> =>
  queryPage(
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

/** Those of a page that live, by their own marks and the person's guard. */
export function liveSessions(
  deps: Deps,
  rows: readonly SessionRow[],
  live: { session: SessionRow; user: UserRow | undefined },
) {
  // Whoever asks was just judged approved: the approval is not asked again for each row.
  const approval = { email: live.session.email, expiresAt: null }
  const nowMs = deps.world.now()
  return rows
    .filter((session) => judgeSession(deps.config, { ...live, session, approval }, nowMs).ok)
    .map((session) => ({
      ...describeSession(session),
      current: session.tokenId === live.session.tokenId,
    }))
}

/** One link or session of a person's past: never a credential. Times in Unix seconds. */
export const describeActivity = (row: SessionRow & { usedAt?: number | null }) => ({
  kind: row.tokenType === 'session' ? 'session' : 'link',
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
  usedAt: row.usedAt ?? undefined,
  deviceName: row.deviceName,
  revokedAt: row.revokedAt,
  revokedReason: row.revokedReason,
  sourceFlow: row.metadata?.sourceFlow,
  ipAddress: row.metadata?.ipAddress,
  userAgent: row.metadata?.userAgent,
})
