import type { PersonEvent } from '../../api/types.ts'

/** What a line of the timeline says besides its kind. An event of a kind that is not known here says nothing more. */
export function detailOf(event: PersonEvent): string {
  const { ipAddress, channel, deviceName, notSent, times, reason, by, asks, action } =
    event as Record<string, string | number | null | undefined>
  const from = ipAddress == null ? [] : [`from ${ipAddress}`]
  const device = deviceName == null ? [] : [`on ${deviceName}`]
  const name = by == null ? [] : [`by ${by}`]
  const why = reason == null ? [] : [`${reason}`.replaceAll('_', ' ')]
  const details: Record<string, readonly string[]> = {
    asked: [`by ${channel}`, ...from, ...(notSent == null ? [] : [`not sent: ${words(notSent)}`])],
    used: [],
    opened: [...device, ...from],
    refreshed: [times === 1 ? 'once' : `${times} times`],
    ended: [...why, ...name],
    requested: [asks === 1 ? 'once' : `${asks} times`, ...device, ...from],
    changed: [words(action ?? ''), ...name, ...(reason == null ? [] : [`“${reason}”`])],
  }
  return (details[event.kind] ?? []).join(', ')
}

const words = (code: string | number): string => `${code}`.replaceAll('_', ' ')
