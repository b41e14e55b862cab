import type { Config } from '../base/config.ts'
import type { UnixMs } from '../base/time.ts'
import type { ConditionCheck, Update } from '../dynamo/db.ts'
import { addressKey, unprovenUntil, type AddressRow, type GuardedSession } from './address.ts'

// How an address row ends sessions: by a sign-out everywhere, by a newer sign-in on the device, or without its identity.

export type EndedHere = 'identity_gone' | 'signed_out_everywhere' | 'replaced'

/** Why a session has ended, according to the address row; null if it has not. The predicate of NOT_ENDED. */
export function whyEndedHere(
  session: GuardedSession,
  address: AddressRow | undefined,
): EndedHere | null {
  if (address?.userId !== session.userId) return 'identity_gone'
  const { sessionsNotBefore, keepSessionId, devices } = address
  const endedAll = sessionsNotBefore !== undefined && session.openedAtMs <= sessionsNotBefore
  if (endedAll && keepSessionId !== session.sessionId) return 'signed_out_everywhere'
  const lastOnDevice = devices?.[session.deviceKey]
  return lastOnDevice !== undefined && session.openedAtMs < lastOnDevice ? 'replaced' : null
}

/** The condition that whyEndedHere returns null. */
const NOT_ENDED =
  'userId = :userId AND ' +
  '(attribute_not_exists(sessionsNotBefore) OR sessionsNotBefore < :openedAt OR keepSessionId = :sessionId) AND ' +
  '(attribute_not_exists(devices.#device) OR devices.#device <= :openedAt)'

const notEndedNames = (session: GuardedSession) => ({ '#device': session.deviceKey })
const notEndedValues = (session: GuardedSession) => ({
  ':userId': session.userId,
  ':openedAt': session.openedAtMs,
  ':sessionId': session.sessionId,
})

/** NOT_ENDED as a part of a transaction that writes other rows. */
export const requireNotEnded = (
  config: Config,
  addressId: string,
  session: GuardedSession,
): ConditionCheck<AddressRow> => ({
  ConditionCheck: {
    ...addressKey(config, addressId),
    ConditionExpression: NOT_ENDED,
    ExpressionAttributeNames: notEndedNames(session),
    ExpressionAttributeValues: notEndedValues(session),
  },
})

// Ends all sessions that were opened until now, and spends all links.
export const END_ALL = 'SET sessionsNotBefore = :now, linksNotBefore = :now, devices = :none'
/** A Worker whose clock is behind must not move a later end back. */
export const NOT_ENDED_LATER =
  '(attribute_not_exists(sessionsNotBefore) OR sessionsNotBefore <= :now) AND ' +
  '(attribute_not_exists(linksNotBefore) OR linksNotBefore <= :now)'
export const endAllValues = (nowMs: UnixMs) => ({ ':now': nowMs, ':none': {} })

/**
 * Ends all sessions opened until now, or all except the current one, and spends all links. It spends links because a
 * person who signs out everywhere may have lost the phone to which a link was sent. Refused if the current session
 * has ended, or if the row has a later time: a Worker whose clock is behind must not move it back.
 */
export const endSessionsUntil = (
  config: Config,
  addressId: string,
  asking: GuardedSession,
  keep: boolean,
  nowMs: UnixMs,
): Update<AddressRow> => ({
  Update: {
    ...addressKey(config, addressId),
    UpdateExpression: END_ALL + (keep ? ', keepSessionId = :sessionId' : ' REMOVE keepSessionId'),
    ConditionExpression: `${NOT_ENDED} AND ${NOT_ENDED_LATER}`,
    ExpressionAttributeNames: notEndedNames(asking),
    ExpressionAttributeValues: { ...notEndedValues(asking), ...endAllValues(nowMs) },
  },
})

// Removes the identity. The times of the budgets stay for two days, so that an erasure does not allow a flood of
// another five messages.
export const FORGET =
  'SET expiresAt = :expiresAt REMOVE userId, devices, linksNotBefore, sessionsNotBefore, ' +
  'keepSessionId, lastingExpiresAt, mailRefusedAt, mailRefusedFor, mailAllowedAt'
export const forgetValues = (nowMs: UnixMs) => ({ ':expiresAt': unprovenUntil(nowMs) })

/** forgetIdentity by the person: refused if the current session has ended. */
export const forgetOwnIdentity = (
  config: Config,
  addressId: string,
  asking: GuardedSession,
  nowMs: UnixMs,
): Update<AddressRow> => ({
  Update: {
    ...addressKey(config, addressId),
    UpdateExpression: FORGET,
    ConditionExpression: NOT_ENDED,
    ExpressionAttributeNames: notEndedNames(asking),
    ExpressionAttributeValues: { ...notEndedValues(asking), ...forgetValues(nowMs) },
  },
})
