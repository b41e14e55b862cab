import { USER_INDEX } from '../base/tables.ts'
import type { Deps } from '../http/deps.ts'
import { requireApproval } from '../model/approval.ts'
import { endSessions, requireNotEnded, type Guarded, type UserRow } from '../model/address.ts'
import { toSeconds } from '../base/world.ts'
import type { Asking } from './authenticate.ts'
import { endedWithAll } from '../model/judge.ts'
import {
  requireLive,
  revokeSession,
  type Owned,
  type RevokedReason,
  type SessionRow,
} from '../model/session.ts'

/** Ends the session that a token names. An absent one and an ended one look the same: false. */
export async function revokeOne(deps: Deps, session: Owned): Promise<boolean> {
  const why = { by: session.userId, reason: 'signed_out' } as const
  const now = toSeconds(deps.world.now())
  const verdict = await deps.db.update(revokeSession(deps.config, session, why, now))
  if (verdict.ok) return true
  // Our own retry after a lost answer finds the row as its first try left it.
  const row = verdict.item as SessionRow | undefined
  return row?.userId === session.userId && row.revokedAt === now && row.revokedBy === why.by
}

/** `refused`: the session that asks has ended itself, or its approval has. */
export type Ended = 'done' | 'absent' | 'refused'

/**
 * Ends one of the person's sessions, in one transaction with everything that decides whether the asking
 * one may. Another person's session, an absent one and an ended one are all `absent`.
 */
export async function revokeOwn(deps: Deps, asking: Asking, sessionId: string): Promise<Ended> {
  const { config } = deps
  const now = toSeconds(deps.world.now())
  const why = { by: asking.userId, reason: 'signed_out' } as const
  const target = revokeSession(config, { sessionId, userId: asking.userId }, why, now)
  const own = sessionId === asking.sessionId
  const verdict = await deps.db.transact(
    [
      { ConditionCheck: requireApproval(config, asking.email, now) },
      { ConditionCheck: requireNotEnded(config, asking) },
      { Update: target },
      // Two writes of one item are not allowed, nor needed.
      ...(own ? [] : [{ ConditionCheck: requireLive(config, asking, now) }]),
    ],
    crypto.randomUUID(),
  )
  if (verdict.ok) return 'done'
  const [approval, guard, update, live] = verdict.reasons
  if (approval?.failed || guard?.failed || live?.failed) return 'refused'
  return own && update?.failed ? 'refused' : 'absent'
}

/**
 * Ends every session of a person, or all but the asking one, whatever their number: one transaction writes
 * one number. The rows are marked afterwards, for the lists; no decision looks at those marks alone, so a
 * crash in between changes none.
 */
export async function revokeAll(deps: Deps, asking: Asking, keep: boolean): Promise<Ended> {
  const { config, world } = deps
  const { userId } = asking
  let nowMs = world.now()
  for (;;) {
    const verdict = await deps.db.transact(
      [
        { ConditionCheck: requireApproval(config, asking.email, toSeconds(nowMs)) },
        { Update: endSessions(config, asking, keep, nowMs) },
        { ConditionCheck: requireLive(config, asking, toSeconds(world.now())) },
      ],
      crypto.randomUUID(),
    )
    if (verdict.ok) break
    const [approval, update, live] = verdict.reasons
    const user = update?.item as UserRow | undefined
    if (approval?.failed || live?.failed || !update?.failed) return 'refused'
    if (endedWithAll(asking, user)) return 'refused'
    // A clock ahead of ours, or a later request, was here first: end all until then.
    nowMs = Math.max(nowMs, user?.sessionsNotBefore ?? 0, user?.linksNotBefore ?? 0)
  }
  deps.background('sessions_marked', async (after) => {
    const marked = await markSessions(after, userId, 'signed_out_everywhere', (row) => {
      return row.openedAtMs <= nowMs && !(keep && row.tokenId === asking.sessionId)
    })
    after.log.line('sessions_marked', { outcome: 'ok', userId, count: marked })
  })
  return 'done'
}

/** A new sign-in on a device ends the device's older sessions. In the background: it guards nothing. */
export function replaceOlder(deps: Deps, opened: Guarded & { deviceId: string }): void {
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
