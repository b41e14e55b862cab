import { latest, toSeconds } from '../base/time.ts'
import type { Item } from '../dynamo/items.ts'
import type { Deps } from '../http/deps.ts'
import { addressIdOf } from '../model/address.ts'
import { endSessionsUntil, requireNotEnded, whyEndedHere } from '../model/address-ends.ts'
import { requireApproval } from '../model/approval.ts'
import type { AskingSession } from '../model/live-session.ts'
import {
  endSession,
  requireLive,
  sessionsOfPerson,
  type EndReason,
  type OwnedSession,
  type SessionRow,
} from '../model/session.ts'

/**
 * Ends the session that a token names. Returns false if the session does not exist or has already ended: it does not
 * distinguish the two.
 */
export async function endNamed({ config, db, world }: Deps, session: OwnedSession) {
  const why = { by: session.userId, reason: 'signed_out' } as const
  const now = toSeconds(world.now())
  const { ok, row } = await db.update(endSession(config, session, why, now))
  // Latchkey's own retry after a lost response finds the row as its first try left it.
  return ok || (row?.userId === session.userId && row.revokedAt === now && row.revokedBy === why.by)
}

/** `revoked` and `not_approved`: the current session is not live, for this reason. */
export type Ended = 'done' | 'absent' | 'revoked' | 'not_approved'

/**
 * Ends one of the person's sessions, in one transaction with all rows that decide whether the current session may do
 * this. Another person's session, an absent one and an ended one are all `absent`.
 */
export async function endOwn(
  { config, db, world }: Deps,
  asking: AskingSession,
  sessionId: string,
): Promise<Ended> {
  const now = toSeconds(world.now())
  const why = { by: asking.userId, reason: 'signed_out' } as const
  const itself = sessionId === asking.sessionId
  const { refused } = await db.transact({
    approval: requireApproval(config, asking.email, now),
    address: requireNotEnded(config, await addressIdOf(asking.email), asking),
    target: endSession(config, { sessionId, userId: asking.userId }, why, now),
    // A transaction must not contain a row twice, and the target's condition is the same here.
    asking: itself ? undefined : requireLive(config, asking, now),
  })
  if (refused === undefined) return 'done'
  if (refused.approval) return 'not_approved'
  return refused.address || refused.asking || itself ? 'revoked' : 'absent'
}

/**
 * Ends all sessions of a person, or all except the current one, however many there are: one transaction writes one
 * time on the address row. The session rows are marked afterwards, for the lists. No decision depends on those marks,
 * so nothing is lost if the marking stops halfway.
 */
export async function endAll(
  deps: Deps,
  asking: AskingSession,
  keep: boolean,
): Promise<Exclude<Ended, 'absent'>> {
  const { config, db, world } = deps
  const addressId = await addressIdOf(asking.email)
  let nowMs = world.now()
  for (;;) {
    const { refused } = await db.transact({
      approval: requireApproval(config, asking.email, toSeconds(nowMs)),
      address: endSessionsUntil(config, addressId, asking, keep, nowMs),
      asking: requireLive(config, asking, toSeconds(world.now())),
    })
    if (refused === undefined) break
    if (refused.approval) return 'not_approved'
    if (refused.asking || !refused.address) return 'revoked'
    const address = refused.address.row
    if (whyEndedHere(asking, address) !== null) return 'revoked'
    // A Worker with a clock ahead of this one, or a later request, came first. End all sessions until that time.
    const { sessionsNotBefore, linksNotBefore } = address!
    nowMs = latest(nowMs, sessionsNotBefore ?? nowMs, linksNotBefore ?? nowMs)
  }
  deps.background('sessions_marked', async (after) => {
    const why = { by: asking.userId, reason: 'signed_out_everywhere' } as const
    const count = await markEnded(after, asking.userId, why, (row) => {
      return row.openedAtMs <= nowMs && !(keep && row.tokenId === asking.sessionId)
    })
    after.log.line('sessions_marked', { outcome: 'ok', userId: asking.userId, count })
  })
  return 'done'
}

/** Marks the rows of a person that `which` selects, found through the index. @returns how many it marked. */
export async function markEnded(
  { config, db, world }: Deps,
  userId: string,
  why: { by: string; reason: EndReason },
  which: (row: SessionRow) => boolean,
): Promise<number> {
  const now = toSeconds(world.now())
  let marked = 0
  let from: Item | undefined
  do {
    const page = await db.query<SessionRow>({
      ...sessionsOfPerson(config, userId),
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    })
    for (const row of page.rows) {
      if (row.revokedAt !== undefined || !which(row)) continue
      const session = { sessionId: row.tokenId, userId }
      if ((await db.update(endSession(config, session, why, now))).ok) marked++
    }
    from = page.lastKey
  } while (from !== undefined)
  return marked
}
