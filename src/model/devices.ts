import type { Config } from '../base/config.ts'
import type { Update } from '../dynamo/db.ts'
import { addressKey, type AddressRow } from './address.ts'

/** From the next ask on, a person is signed in on so many devices at most: those that signed in last. */
const MAX_DEVICES = 50

/**
 * Takes the oldest entries out of `devices` when there are more than MAX_DEVICES, so that the row stays small;
 * null when there is nothing to do. `sessionsNotBefore` then ends the sessions of those devices, since
 * without their entries an older session of theirs would count again. An entry is never taken out for its
 * age alone: a session keeps the life that the configuration gave it at its sign-in.
 * The condition names every time that is taken out: a sign-in in between changes one, and nothing happens.
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
