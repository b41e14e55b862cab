import type { Config } from '../config.ts'
import { encodeBase64url, sha256 } from '../crypto/encoding.ts'
import type { Get, Update } from '../dynamo/db.ts'
import { toSeconds } from '../world.ts'

/** The person's guard: one row a person, under the user id itself, not in `email-index`. Times in Unix ms. */
export type UserRow = {
  tokenId: string
  tokenType: 'user'
  userId: string
  /** The last five messages, newest first (see takeSend). */
  sentAt1?: number
  sentAt5?: number
  /** Which ask or resend took the budget last: how a retry knows its own write. */
  lastSendId?: string
  /** Links issued until then are spent. */
  linksNotBefore?: number
  /** Sessions opened until then have ended, but for this one. */
  sessionsNotBefore?: number
  keepSessionId?: string
}

/** Outlives whatever the row guards (sessions last a year at most), so that TTL may delete it safely. */
const USER_ROW_TTL_SECONDS = 400 * 86_400

export const SEND_COOLDOWN_SECONDS = 60
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

const slot = (n: number) => `sentAt${n}`

/**
 * Takes one message from a budget of `perHour` in any 3,600 seconds and one a cooldown, or fails: a sliding
 * window, exact at any moment, in one write. The row holds the times of the last `perHour` messages, newest
 * first; SET reads the row as it was, so the times move up by one, and the oldest decides.
 */
export function takeSend(
  config: Config,
  rowId: string,
  perHour: number,
  cooldownSeconds: number,
  sendId: string,
  nowMs: number,
): Update {
  const moves = Array.from({ length: perHour - 1 }, (_, i) => perHour - i).map(
    (n) => `${slot(n)} = if_not_exists(${slot(n - 1)}, :never)`,
  )
  return {
    ...userKey(config, rowId),
    UpdateExpression: `SET ${moves.join(', ')}, sentAt1 = :now, lastSendId = :sendId, ${TOUCH}`,
    ConditionExpression:
      `(attribute_not_exists(sentAt1) OR sentAt1 <= :cooledDown) AND ` +
      `(attribute_not_exists(${slot(perHour)}) OR ${slot(perHour)} <= :hourAgo)`,
    ExpressionAttributeValues: {
      ...touchValues(rowId, nowMs),
      ':never': 0,
      ':now': nowMs,
      ':cooledDown': nowMs - cooldownSeconds * 1000,
      ':hourAgo': nowMs - HOUR_MS,
      ':sendId': sendId,
    },
  }
}

/** Whole seconds until a refused takeSend would pass; `row` is what its condition saw. */
export function sendRetryAfter(
  row: Record<string, unknown> | undefined,
  perHour: number,
  cooldownSeconds: number,
  nowMs: number,
): number {
  const at = (n: number) => Number(row?.[slot(n)] ?? 0)
  const free = Math.max(at(1) + cooldownSeconds * 1000, at(perHour) + HOUR_MS)
  return Math.max(1, Math.ceil((free - nowMs) / 1000))
}

/** A sign-in by a link spends every link issued up to it. Refused when a later sign-in already did. */
export function advanceLinks(
  config: Config,
  userId: string,
  linkCreatedAtMs: number,
  nowMs: number,
): Update {
  return {
    ...userKey(config, userId),
    UpdateExpression: `SET linksNotBefore = :notBefore, ${TOUCH}`,
    ConditionExpression: 'attribute_not_exists(linksNotBefore) OR linksNotBefore < :linkCreatedAt',
    ExpressionAttributeValues: {
      ...touchValues(userId, nowMs),
      ':notBefore': Math.max(nowMs, linkCreatedAtMs),
      ':linkCreatedAt': linkCreatedAtMs,
    },
  }
}

/**
 * Ends every session opened until now, or all but one, and spends every link issued until now: whoever
 * signs out everywhere may have lost the phone that a link is on its way to.
 */
export function endSessions(
  config: Config,
  userId: string,
  keepSessionId: string | undefined,
  nowMs: number,
): Update {
  const keep = keepSessionId === undefined ? 'REMOVE keepSessionId' : ''
  const set = keepSessionId === undefined ? '' : 'keepSessionId = :keep, '
  return {
    ...userKey(config, userId),
    UpdateExpression: `SET ${set}sessionsNotBefore = :now, linksNotBefore = :now, ${TOUCH} ${keep}`,
    ExpressionAttributeValues: {
      ...touchValues(userId, nowMs),
      ':now': nowMs,
      ...(keepSessionId === undefined ? {} : { ':keep': keepSessionId }),
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
