import type { Config } from '../base/config.ts'
import type { Update } from '../dynamo/db.ts'
import { addressKey, type AddressRow } from './address.ts'

/**
 * The maximum number of devices on which a person is signed in, applied at the next ask: those that signed in last.
 */
const MAX_DEVICES = 50

/**
 * Removes the oldest entries of `devices` if there are more than MAX_DEVICES, so that the row stays small. Returns
 * null if there is nothing to do. Without their entries, older sessions of these devices would become live again, so
 * the same write sets `sessionsNotBefore` to end them. No entry is removed only because of its age: a session keeps
 * the lifetime that the configuration gave it at its sign-in. The condition contains the time of every removed entry:
 * if one of these devices signs in at the same moment, its time changes, and nothing is written.
 */
export function pruneDevices(config: Config, address: AddressRow): Update<AddressRow> | null {
  const newestFirst = Object.entries(address.devices ?? {}).toSorted(([, a], [, b]) => b - a)
  const removed = newestFirst.slice(MAX_DEVICES)
  const newestRemoved = removed[0]?.[1]
  if (newestRemoved === undefined) return null
  return {
    Update: {
      ...addressKey(config, address.tokenId),
      UpdateExpression:
        'SET sessionsNotBefore = :end ' +
        `REMOVE ${removed.map((_, i) => `devices.#d${i}`).join(', ')}, keepSessionId`,
      ConditionExpression:
        removed.map((_, i) => `devices.#d${i} = :d${i}`).join(' AND ') +
        ' AND (attribute_not_exists(sessionsNotBefore) OR sessionsNotBefore < :end)',
      ExpressionAttributeNames: Object.fromEntries(removed.map(([key], i) => [`#d${i}`, key])),
      ExpressionAttributeValues: {
        ':end': newestRemoved,
        ...Object.fromEntries(removed.map(([, at], i) => [`:d${i}`, at])),
      },
    },
  }
}
