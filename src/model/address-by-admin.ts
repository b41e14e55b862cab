import type { Config } from '../base/config.ts'
import type { UnixMs } from '../base/time.ts'
import type { Update } from '../dynamo/db.ts'
import {
  addressKey,
  END_ALL,
  endAllValues,
  KEEP_WHOLE,
  keepWholeValues,
  NOT_ENDED_LATER,
  unprovenUntil,
  type AddressRow,
} from './address.ts'

// What the console writes to an address row, for an administrator or for a machine.

/**
 * Ends every session that was opened until now, and spends every link, for an administrator: as endSessionsUntil, but
 * no session of the person has to agree. Refused when the address has become somebody else's, or when a later time is on
 * the row.
 */
export const endEverySession = (
  config: Config,
  addressId: string,
  userId: string,
  nowMs: UnixMs,
): Update<AddressRow> => ({
  Update: {
    ...addressKey(config, addressId),
    UpdateExpression: `${END_ALL} REMOVE keepSessionId`,
    ConditionExpression: `userId = :userId AND ${NOT_ENDED_LATER}`,
    ExpressionAttributeValues: { ':userId': userId, ...endAllValues(nowMs) },
  },
})

/**
 * Takes the identity from an address. Every session and link of it names a user id that no row has any more, so all
 * are dead with this one write; who asks for the address next is somebody new. The times of the budgets stay for two days:
 * an erasure must not give a flood another five messages.
 */
export const forgetIdentity = (
  config: Config,
  addressId: string,
  userId: string,
  nowMs: UnixMs,
): Update<AddressRow> => ({
  Update: {
    ...addressKey(config, addressId),
    UpdateExpression:
      'SET expiresAt = :expiresAt REMOVE userId, devices, linksNotBefore, sessionsNotBefore, ' +
      'keepSessionId, lastingExpiresAt',
    ConditionExpression: 'userId = :userId',
    ExpressionAttributeValues: {
      ':userId': userId,
      ':expiresAt': unprovenUntil(nowMs),
    },
  },
})

/**
 * Keeps the identity that a link was made for, or brings it back: an address that nobody has signed in with is deleted
 * two days after its last ask. Refused when the address has another identity since.
 */
export const keepIdentity = (
  config: Config,
  addressId: string,
  userId: string,
  nowMs: UnixMs,
): Update<AddressRow> => ({
  Update: {
    ...addressKey(config, addressId),
    UpdateExpression: `SET userId = :userId, devices = if_not_exists(devices, :none), ${KEEP_WHOLE}`,
    ConditionExpression: 'attribute_not_exists(userId) OR userId = :userId',
    ExpressionAttributeValues: { ':userId': userId, ':none': {}, ...keepWholeValues(nowMs) },
  },
})
