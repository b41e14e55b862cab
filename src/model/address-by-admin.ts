import type { Config } from '../base/config.ts'
import type { UnixMs } from '../base/time.ts'
import type { Update } from '../dynamo/db.ts'
import { addressKey, KEEP_WHOLE, keepWholeValues, type AddressRow } from './address.ts'
import { END_ALL, endAllValues, FORGET, forgetValues, NOT_ENDED_LATER } from './address-ends.ts'

// What the console writes to an address row, for an administrator or for a machine.

/**
 * Ends all sessions opened until now, and spends all links, for an administrator. Unlike endSessionsUntil, it needs
 * no session of the person. Refused if the address now has another user id, or if the row has a later time.
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
 * The same without a user id, also for an address that has no row: then this writes one, and TTL deletes it two days
 * later. Refused if the row has a later time.
 */
export const endSessionsOfAddress = (
  config: Config,
  addressId: string,
  nowMs: UnixMs,
): Update<AddressRow> => ({
  Update: {
    ...addressKey(config, addressId),
    UpdateExpression: `${END_ALL}, ${KEEP_WHOLE} REMOVE keepSessionId`,
    ConditionExpression: NOT_ENDED_LATER,
    ExpressionAttributeValues: { ...endAllValues(nowMs), ...keepWholeValues(nowMs) },
  },
})

/**
 * Removes the identity of an address. All its sessions and links then have a user id that no row has, so this one
 * write makes them invalid. The next person who asks with the address gets a new user id.
 */
export const forgetIdentity = (
  config: Config,
  addressId: string,
  userId: string,
  nowMs: UnixMs,
): Update<AddressRow> => ({
  Update: {
    ...addressKey(config, addressId),
    UpdateExpression: FORGET,
    ConditionExpression: 'userId = :userId',
    ExpressionAttributeValues: { ':userId': userId, ...forgetValues(nowMs) },
  },
})

/**
 * Keeps the identity that a link was made for, or writes it again: TTL deletes an address without a sign-in two days
 * after its last ask. Refused if the address has another identity by now.
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
