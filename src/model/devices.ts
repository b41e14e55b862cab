import type { Config } from '../base/config.ts'
import type { UnixMs } from '../base/time.ts'
import type { Update } from '../dynamo/db.ts'
import { addressKey, type AddressRow } from './address.ts'

/** From the next ask on, a person is signed in on so many devices at most: those that signed in last. */
const MAX_DEVICES = 50

/**
 * Takes out of `devices` what no session needs any more, so that the row stays small; null when there is
 * nothing to do. A device's older sessions have run out by themselves once a session's whole life has passed
 * since the device's last sign-in. When more than MAX_DEVICES are left, `sessionsNotBefore` ends the oldest.
 * The condition names every time that is taken out: a sign-in in between changes one, and nothing happens.
 */
export function pruneDevices(
  config: Config,
  address: AddressRow,
  nowMs: UnixMs,
): Update<AddressRow> | null {
  const lifeMs = 1000 * Math.max(config.SESSION_TTL_SECONDS, config.SESSION_IDLE_SECONDS)
  const newestFirst = Object.entries(address.devices ?? {}).toSorted(([, a], [, b]) => b - a)
  const kept = newestFirst.slice(0, MAX_DEVICES).filter(([, at]) => at > nowMs - lifeMs)
  const removed = newestFirst.slice(kept.length)
  const newestRemoved = removed[0]?.[1]
  if (newestRemoved === undefined) return null
  const names = Object.fromEntries(removed.map(([key], i) => [`#d${i}`, key]))
  const values = Object.fromEntries(removed.map(([, at], i) => [`:d${i}`, at]))
  const end = newestRemoved > Math.max(nowMs - lifeMs, address.sessionsNotBefore ?? 0)
  return {
    Update: {
      ...addressKey(config, address.tokenId),
      UpdateExpression:
        (end ? 'SET sessionsNotBefore = :end ' : '') +
        `REMOVE ${removed.map((_, i) => `devices.#d${i}`).join(', ')}` +
        (end ? ', keepSessionId' : ''),
      ConditionExpression:
        removed.map((_, i) => `devices.#d${i} = :d${i}`).join(' AND ') +
        (end ? ' AND (attribute_not_exists(sessionsNotBefore) OR sessionsNotBefore < :end)' : ''),
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ...values, ...(end ? { ':end': newestRemoved } : {}) },
    },
  }
}
