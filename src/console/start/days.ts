import {
  addSeconds,
  toSeconds,
  unixSeconds,
  type UnixMs,
  type UnixSeconds,
} from '../../base/time.ts'

export const DAY_SECONDS = 86_400
const DAYS = 14

/** The beginnings of the last days in UTC, the oldest first. The last one is today. */
export function daysUntil(nowMs: UnixMs): UnixSeconds[] {
  const now = toSeconds(nowMs)
  const today = unixSeconds(now - (now % DAY_SECONDS))
  return Array.from({ length: DAYS }, (_, i) => addSeconds(today, (i - DAYS + 1) * DAY_SECONDS))
}

/** A number for each of these days. */
export type Series = {
  name: 'signedIn' | 'refused' | 'sent' | 'approved' | 'withdrawn' | 'asked'
  counts: number[]
}
