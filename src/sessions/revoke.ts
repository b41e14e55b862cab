import { USER_INDEX } from '../dynamo/tables.ts'
import type { Deps } from '../deps.ts'
import { endSessions, type UserRow } from '../users/store.ts'
import { toSeconds } from '../world.ts'
import { endedWithAll } from './judge.ts'
import { revokeSession, type Owned, type RevokedReason, type SessionRow } from './store.ts'

/** Ends one session of its owner. Another's session, an absent one and an ended one look the same: false. */
export async function revokeOne(deps: Deps, session: Owned): Promise<boolean> {
  const why = { by: session.userId, reason: 'signed_out' } as const
  const now = toSeconds(deps.world.now())
  const verdict = await deps.db.update(revokeSession(deps.config, session, why, now))
  if (verdict.ok) return true
  // Our own retry after a lost answer finds the row as its first try left it.
  const row = verdict.item as SessionRow | undefined
  return row?.userId === session.userId && row.revokedAt === now && row.revokedBy === why.by
}

/**
 * Ends every session of a person, or all but one, in one write whatever their number. The rows are marked
 * afterwards, for the lists; no decision looks at those marks alone, so a crash in between changes none.
 * @returns false when the session to be kept was itself ended meanwhile, and nothing was done.
 */
export async function revokeAll(
  deps: Deps,
  userId: string,
  kept: SessionRow | undefined,
): Promise<boolean> {
  let nowMs = deps.world.now()
  for (;;) {
    const verdict = await deps.db.update(endSessions(deps.config, userId, kept, nowMs))
    if (verdict.ok) break
    const user = verdict.item as UserRow
    if (kept !== undefined && endedWithAll(kept, user)) return false
    // A clock ahead of ours, or a later request, was here first: end all until then.
    nowMs = Math.max(nowMs, user.sessionsNotBefore ?? 0, user.linksNotBefore ?? 0)
  }
  deps.background('sessions_marked', async (after) => {
    const marked = await markSessions(after, userId, 'signed_out_everywhere', (row) => {
      return row.openedAtMs <= nowMs && row.tokenId !== kept?.tokenId
    })
    after.log.line('sessions_marked', { outcome: 'ok', userId, count: marked })
  })
  return true
}

/** A new sign-in on a device ends the device's older sessions. In the background: it guards nothing. */
export function replaceOlder(
  deps: Deps,
  opened: Owned & { deviceId: string; openedAtMs: number },
): void {
  deps.background('session_replaced', async (after) => {
    const replaced = await markSessions(after, opened.userId, 'replaced', (row) => {
      const older = row.openedAtMs < opened.openedAtMs && row.tokenId !== opened.sessionId
      return older && row.deviceId === opened.deviceId
    })
    if (replaced === 0) return
    const { userId, sessionId } = opened
    after.log.line('session_replaced', { outcome: 'ok', userId, sessionId, count: replaced })
  })
}

/** Marks a person's live rows that `which` names, found through the index. @returns how many it marked. */
async function markSessions(
  deps: Deps,
  userId: string,
  reason: RevokedReason,
  which: (row: SessionRow) => boolean,
): Promise<number> {
  const now = toSeconds(deps.world.now())
  let marked = 0
  let from
  do {
    const page = await deps.db.query({
      TableName: deps.config.TOKENS_TABLE,
      IndexName: USER_INDEX,
      KeyConditionExpression: 'userId = :userId AND tokenType = :type',
      ExpressionAttributeValues: { ':userId': userId, ':type': 'session' },
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    })
    for (const row of page.items as SessionRow[]) {
      if (row.revokedAt !== undefined || !which(row)) continue
      const owned = { sessionId: row.tokenId, userId }
      const why = { by: reason === 'replaced' ? 'system' : userId, reason }
      if ((await deps.db.update(revokeSession(deps.config, owned, why, now))).ok) marked++
    }
    from = page.lastKey
  } while (from !== undefined)
  return marked
}
