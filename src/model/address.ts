import type { Config } from '../base/config.ts'
import { encodeBase64url, sha256 } from '../base/encoding.ts'
import type { ConditionCheck, Get, Update, Verdict } from '../dynamo/db.ts'
import type { Item } from '../dynamo/items.ts'
import { toSeconds } from '../base/world.ts'

/** The person's guard: one row a person, under the user id itself, not in `email-index`. Times in Unix ms. */
export type UserRow = {
  tokenId: string
  tokenType: 'user'
  userId: string
  /** Beside these, the times and ids of its budgets (see takeBudget): `sentAt1`…, `codeTriedAt1`…. */
  /** Links issued until then are spent. */
  linksNotBefore?: number
  /** Sessions opened until then have ended, but for this one. */
  sessionsNotBefore?: number
  keepSessionId?: string
}

/** Outlives whatever the row guards (sessions last a year at most), so that TTL may delete it safely. */
const USER_ROW_TTL_SECONDS = 400 * 86_400

const HOUR_MS = 3_600_000

/** The same everywhere, forever: there is no table of users. */
export async function userIdOf(email: string): Promise<string> {
  return `usr_${encodeBase64url(await sha256(`latchkey/user/v1\n${email}`)).slice(0, 22)}`
}

/** The budget row of a phone number. The number itself is not in it. */
export async function phoneIdOf(phoneNumber: string): Promise<string> {
  return `phn_${encodeBase64url(await sha256(`latchkey/phone/v1\n${phoneNumber}`)).slice(0, 22)}`
}

export const userKey = (config: Config, userId: string): Get => ({
  TableName: config.TOKENS_TABLE,
  Key: { tokenId: userId },
})

/**
 * So many takes in any window, and none within the cooldown of the last: a sliding window, exact at any
 * moment. The row holds the times of the last `size` takes in numbered attributes, newest first.
 */
export type Budget = { slot: string; size: number; windowMs: number; cooldownMs: number }

/** Messages to one person in any hour, over every channel. */
export const SENDS: Budget = { slot: 'sentAt', size: 5, windowMs: HOUR_MS, cooldownMs: 60_000 }
/** Messages to one phone number in any hour, whoever's approval it stands on. */
export const PHONE_SENDS: Budget = { slot: 'sentAt', size: 10, windowMs: HOUR_MS, cooldownMs: 0 }
/** Codes tried for one person in any day. A sign-in by code gives them back, so failures are what counts. */
export const CODE_TRIES: Budget = {
  slot: 'codeTriedAt',
  size: 10,
  windowMs: 24 * HOUR_MS,
  cooldownMs: 0,
}

/**
 * Takes one from a budget, or fails. One write: SET reads the row as it was, so the times move up by one,
 * and the oldest decides.
 * @param takeId this take's own name: our retry after a lost answer must not pay twice (see tookBudget).
 */
export function takeBudget(
  config: Config,
  rowId: string,
  budget: Budget,
  takeId: string,
  nowMs: number,
): Update {
  const { slot, size } = budget
  const moves = Array.from({ length: size - 1 }, (_, i) => size - i).map(
    (n) => `${slot}${n} = if_not_exists(${slot}${n - 1}, :never)`,
  )
  return {
    ...userKey(config, rowId),
    UpdateExpression: `SET ${moves.join(', ')}, ${slot}1 = :now, ${slot}Id = :takeId, ${TOUCH}`,
    ConditionExpression:
      `(attribute_not_exists(${slot}1) OR ${slot}1 <= :cooledDown) AND ` +
      `(attribute_not_exists(${slot}${size}) OR ${slot}${size} <= :windowStart) AND ` +
      `(attribute_not_exists(${slot}Id) OR ${slot}Id <> :takeId)`,
    ExpressionAttributeValues: {
      ...touchValues(rowId, nowMs),
      ':never': 0,
      ':now': nowMs,
      ':cooledDown': nowMs - budget.cooldownMs,
      ':windowStart': nowMs - budget.windowMs,
      ':takeId': takeId,
    },
  }
}

/** Whether takeBudget took: the condition held, or the row shows that our own lost try did. */
export const tookBudget = (verdict: Verdict, budget: Budget, takeId: string): boolean =>
  verdict.ok || verdict.item?.[`${budget.slot}Id`] === takeId

/** Whole seconds until the budget gives again; `row` is what takeBudget's condition saw or left. */
export function budgetRetryAfter(row: Item | undefined, budget: Budget, nowMs: number): number {
  const at = (n: number) => Number(row?.[`${budget.slot}${n}`] ?? 0)
  const free = Math.max(at(1) + budget.cooldownMs, at(budget.size) + budget.windowMs)
  return Math.max(1, Math.ceil((free - nowMs) / 1000))
}

/**
 * A sign-in by a link spends every link issued up to it. Refused when a later sign-in already did.
 * @param byCode whether it gives the tries of codes back.
 */
export function advanceLinks(
  config: Config,
  userId: string,
  linkCreatedAtMs: number,
  byCode: boolean,
  nowMs: number,
): Update {
  const tries = Array.from({ length: CODE_TRIES.size }, (_, i) => `${CODE_TRIES.slot}${i + 1}`)
  return {
    ...userKey(config, userId),
    UpdateExpression:
      `SET linksNotBefore = :notBefore, ${TOUCH}` + (byCode ? ` REMOVE ${tries.join(', ')}` : ''),
    ConditionExpression: 'attribute_not_exists(linksNotBefore) OR linksNotBefore < :linkCreatedAt',
    ExpressionAttributeValues: {
      ...touchValues(userId, nowMs),
      ':notBefore': Math.max(nowMs, linkCreatedAtMs),
      ':linkCreatedAt': linkCreatedAtMs,
    },
  }
}

/** A session as the person's guard sees it. */
export type Guarded = { sessionId: string; userId: string; openedAtMs: number }

const NOT_ENDED =
  '(attribute_not_exists(sessionsNotBefore) OR sessionsNotBefore < :openedAt OR keepSessionId = :sessionId)'

const guardedValues = (session: Guarded) => ({
  ':openedAt': session.openedAtMs,
  ':sessionId': session.sessionId,
})

/** That no sign-out everywhere has ended this session, as the condition of another write. */
export const requireNotEnded = (config: Config, session: Guarded): ConditionCheck => ({
  ...userKey(config, session.userId),
  ConditionExpression: NOT_ENDED,
  ExpressionAttributeValues: guardedValues(session),
})

/**
 * Ends every session opened until now, or all but the one that asks, and spends every link issued until
 * now: whoever signs out everywhere may have lost the phone that a link is on its way to. Refused when it
 * would take either time back, which would undo another's word, or when the session that asks has been
 * ended so itself.
 */
export function endSessions(
  config: Config,
  session: Guarded,
  keep: boolean,
  nowMs: number,
): Update {
  const forward =
    '(attribute_not_exists(sessionsNotBefore) OR sessionsNotBefore <= :now) AND ' +
    '(attribute_not_exists(linksNotBefore) OR linksNotBefore <= :now)'
  const kept = keep ? ', keepSessionId = :sessionId' : ' REMOVE keepSessionId'
  return {
    ...userKey(config, session.userId),
    UpdateExpression: `SET sessionsNotBefore = :now, linksNotBefore = :now, ${TOUCH}${kept}`,
    ConditionExpression: `${forward} AND ${NOT_ENDED}`,
    ExpressionAttributeValues: {
      ...touchValues(session.userId, nowMs),
      ...guardedValues(session),
      ':now': nowMs,
    },
  }
}

/** Every write keeps the row alive and whole, whichever comes first. */
const TOUCH =
  'tokenType = :type, userId = :userId, createdAt = if_not_exists(createdAt, :createdAt), expiresAt = :expiresAt'

const touchValues = (rowId: string, nowMs: number) => ({
  ':type': rowId.startsWith('phn_') ? 'phone' : 'user',
  ':userId': rowId,
  ':createdAt': toSeconds(nowMs),
  ':expiresAt': toSeconds(nowMs) + USER_ROW_TTL_SECONDS,
})
