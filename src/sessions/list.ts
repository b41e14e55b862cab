import * as z from 'zod/mini'
import { fromUtf8, utf8 } from '../crypto/encoding.ts'
import type { Deps } from '../deps.ts'
import type { Item } from '../dynamo/items.ts'
import { EMAIL_INDEX, USER_INDEX } from '../dynamo/tables.ts'
import { Problem } from '../problem.ts'
import { userKey, type UserRow } from '../users/store.ts'
import { describeSession } from './describe.ts'
import { judgeSession } from './judge.ts'
import type { SessionRow } from './store.ts'

const PAGE_SIZE = 25

export type Page<T> = { items: T[]; nextCursor: string | undefined }

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

/** A person's live sessions (access pattern 3): the index lists, the rows' own marks and the person's guard filter. */
export async function listSessions(
  deps: Deps,
  person: { userId: string; email: string; sessionId: string },
  cursor: string | undefined,
): Promise<Page<ReturnType<typeof describeSession> & { current: boolean }>> {
  const owner: Owner = { list: 'sessions', userId: person.userId }
  const from = cursor === undefined ? undefined : await openCursor(deps, owner, cursor)
  const [page, user] = await Promise.all([
    deps.db.query({
      TableName: deps.config.TOKENS_TABLE,
      IndexName: USER_INDEX,
      KeyConditionExpression: 'userId = :userId AND tokenType = :type',
      ExpressionAttributeValues: { ':userId': person.userId, ':type': 'session' },
      Limit: PAGE_SIZE,
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    }),
    deps.db.get(userKey(deps.config, person.userId)) as Promise<UserRow | undefined>,
  ])
  const nowMs = deps.world.now()
  // Whoever lists was just judged approved: the approval is not asked again for each row.
  const approval = { email: person.email, expiresAt: null }
  const items = (page.items as SessionRow[])
    .filter((session) => judgeSession(deps.config, { session, user, approval }, nowMs).ok)
    .map((session) => ({
      ...describeSession(session),
      current: session.tokenId === person.sessionId,
    }))
  const nextCursor = page.lastKey && (await sealCursor(deps, owner, page.lastKey))
  return { items, nextCursor }
}

/** One link or session of a person's past: never a credential. Times in Unix seconds. */
export type Activity = {
  kind: 'link' | 'session'
  createdAt: number
  expiresAt: number
  usedAt?: number | undefined
  deviceName?: string | undefined
  revokedAt?: number | undefined
  revokedReason?: string | undefined
  sourceFlow?: string | undefined
  ipAddress?: string | undefined
  userAgent?: string | undefined
}

/** Recent links and sessions of an address, newest first (access pattern 4). */
export async function listActivity(
  deps: Deps,
  person: { userId: string; email: string },
  cursor: string | undefined,
): Promise<Page<Activity>> {
  const owner: Owner = { list: 'activity', userId: person.userId }
  const from = cursor === undefined ? undefined : await openCursor(deps, owner, cursor)
  const page = await deps.db.query({
    TableName: deps.config.TOKENS_TABLE,
    IndexName: EMAIL_INDEX,
    KeyConditionExpression: 'email = :email',
    ExpressionAttributeValues: { ':email': person.email },
    ScanIndexForward: false,
    Limit: PAGE_SIZE,
    ...(from === undefined ? {} : { ExclusiveStartKey: from }),
  })
  const nextCursor = page.lastKey && (await sealCursor(deps, owner, page.lastKey))
  return { items: (page.items as SessionRow[]).map(describeActivity), nextCursor }
}

function describeActivity(row: SessionRow & { usedAt?: number | null }): Activity {
  return {
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
  }
}
