import type { Config } from '../base/config.ts'
import { shortHash } from '../base/encoding.ts'
import { addSeconds, toSeconds, type UnixMs, type UnixSeconds } from '../base/time.ts'
import type { ConditionCheck, Key, Update } from '../dynamo/db.ts'
import type { Item } from '../dynamo/items.ts'
import { clearExpression, CODE_TRIES, SENDS, takeExpression } from './budget.ts'

/**
 * One row for each email address that ever asked. It holds the address's user id, and protects the person: it counts
 * the messages and code tries, and has the marks that end links and sessions. It has no `email` attribute, so it is
 * not in `email-index`.
 */
export type AddressRow = Item & {
  /** `adr_` and a hash of the address. */
  tokenId: string
  tokenType: 'address'
  /** Absent on a row that only counts the messages of a mailbox for an address with a `+tag`. */
  userId?: string
  createdAt: UnixSeconds
  /** Two days after the last ask. Null from the first sign-in on, so that TTL does not delete the row. */
  expiresAt: UnixSeconds | null
  /** Null from the first sign-in on. An ask copies it to `expiresAt`. */
  lastingExpiresAt?: null
  /** The last sign-in, or sign-out everywhere. Links made at or before this time are spent. */
  linksNotBefore?: UnixMs
  /** The last sign-out everywhere. Sessions opened at or before this time have ended, except one. */
  sessionsNotBefore?: UnixMs
  /** The session that the last sign-out everywhere kept. */
  keepSessionId?: string
  /** When each device last signed in, by device key. Older sessions of the device have ended. */
  devices?: Record<string, UnixMs>
  /** When the mailbox refused an email, and why. No email is sent to the address while this is here. */
  mailRefusedAt?: UnixSeconds
  mailRefusedFor?: MailRefusal
  /** When an administrator last removed that mark. */
  mailAllowedAt?: UnixMs
  // Also the times and ids of its budgets: sentAt1…, codeTriedAt1… (see Budget).
}

/**
 * `bounce`: there is no such mailbox, or it takes no email. `complaint`: the person marked an email as spam.
 * `suppressed`: SES did not even try, because the address is on its suppression list.
 */
export type MailRefusal = 'bounce' | 'complaint' | 'suppressed'

/** Longer than any link lives, so that an address with a link keeps its row until the sign-in. */
const UNPROVEN_TTL_SECONDS = 2 * 86_400

/** @param email normalised. */
export const addressIdOf = async (email: string): Promise<string> =>
  `adr_${await shortHash(`latchkey/address/v1\n${email}`, 22)}`

export const addressKey = (config: Config, addressId: string): Key<AddressRow> => ({
  TableName: config.TOKENS_TABLE,
  Key: { tokenId: addressId },
})

export const unprovenUntil = (nowMs: UnixMs): UnixSeconds =>
  addSeconds(toSeconds(nowMs), UNPROVEN_TTL_SECONDS)

// Every ask sets all of these, whichever write comes first.
export const KEEP_WHOLE =
  'tokenType = :type, createdAt = if_not_exists(createdAt, :createdAt), ' +
  'expiresAt = if_not_exists(lastingExpiresAt, :expiresAt)'
export const keepWholeValues = (nowMs: UnixMs) => ({
  ':type': 'address',
  ':createdAt': toSeconds(nowMs),
  ':expiresAt': unprovenUntil(nowMs),
})

// The first ask for an address sets its user id. Concurrent asks read the same one.
const IDENTIFY =
  'userId = if_not_exists(userId, :newUserId), devices = if_not_exists(devices, :none)'
const identifyValues = (newUserId: string) => ({ ':newUserId': newUserId, ':none': {} })

/** Sets the user id if there is none yet, and takes nothing from the budget. */
export const identify = (
  config: Config,
  addressId: string,
  newUserId: string,
  nowMs: UnixMs,
): Update<AddressRow> => ({
  Update: {
    ...addressKey(config, addressId),
    UpdateExpression: `SET ${IDENTIFY}, ${KEEP_WHOLE}`,
    ExpressionAttributeValues: { ...identifyValues(newUserId), ...keepWholeValues(nowMs) },
  },
})

/**
 * Takes one message from the address's budget, or fails.
 * @param newUserId if given, the same write sets the user id if there is none yet.
 */
export function takeSend(
  config: Config,
  addressId: string,
  takeId: string,
  nowMs: UnixMs,
  newUserId?: string,
): Update<AddressRow> {
  const take = takeExpression(SENDS, takeId, nowMs)
  const identity = newUserId === undefined ? '' : `, ${IDENTIFY}`
  return {
    Update: {
      ...addressKey(config, addressId),
      UpdateExpression: `SET ${take.set}, ${KEEP_WHOLE}${identity}`,
      ConditionExpression: take.condition,
      ExpressionAttributeValues: {
        ...take.values,
        ...keepWholeValues(nowMs),
        ...(newUserId === undefined ? {} : identifyValues(newUserId)),
      },
    },
  }
}

/** Takes one try from the budget of code tries, or fails. */
export function takeCodeTry(
  config: Config,
  addressId: string,
  takeId: string,
  nowMs: UnixMs,
): Update<AddressRow> {
  const take = takeExpression(CODE_TRIES, takeId, nowMs)
  return {
    Update: {
      ...addressKey(config, addressId),
      UpdateExpression: `SET ${take.set}, ${KEEP_WHOLE}`,
      ConditionExpression: take.condition,
      ExpressionAttributeValues: { ...take.values, ...keepWholeValues(nowMs) },
    },
  }
}

/** The properties of a session that its address row is compared with. */
export type GuardedSession = {
  sessionId: string
  userId: string
  deviceKey: string
  openedAtMs: UnixMs
}

/**
 * A sign-in: it spends all links requested until now, ends the device's older sessions, and makes the identity
 * permanent. Refused if a later sign-in came first, or if the address now has another user id. Therefore the sign-ins
 * of one person are ordered: each session opens later than the one before.
 * @param byCode whether to reset the count of code tries.
 */
export const advance = (
  config: Config,
  addressId: string,
  session: GuardedSession,
  linkCreatedAtMs: UnixMs,
  byCode: boolean,
): Update<AddressRow> => ({
  Update: {
    ...addressKey(config, addressId),
    UpdateExpression:
      'SET linksNotBefore = :openedAt, devices.#device = :openedAt, ' +
      'expiresAt = :null, lastingExpiresAt = :null' +
      (byCode ? ` REMOVE ${clearExpression(CODE_TRIES)}` : ''),
    ConditionExpression:
      'userId = :userId AND (attribute_not_exists(linksNotBefore) OR linksNotBefore < :linkCreatedAt)',
    ExpressionAttributeNames: { '#device': session.deviceKey },
    ExpressionAttributeValues: {
      ':openedAt': session.openedAtMs,
      ':linkCreatedAt': linkCreatedAtMs,
      ':userId': session.userId,
      ':null': null,
    },
  },
})

/**
 * Whether a later sign-in, a sign-out everywhere or a new owner spent a link. The same rule as advance's condition.
 */
export const isSuperseded = (
  link: { userId: string; createdAtMs: UnixMs },
  address: AddressRow | undefined,
): boolean =>
  address?.userId !== link.userId ||
  (address.linksNotBefore !== undefined && address.linksNotBefore >= link.createdAtMs)

/** The condition that nobody has signed in with the address. */
export const requireNoAccount = (
  config: Config,
  addressId: string,
): ConditionCheck<AddressRow> => ({
  ConditionCheck: {
    ...addressKey(config, addressId),
    ConditionExpression: 'attribute_not_exists(lastingExpiresAt)',
  },
})
