import { usage } from '../exit.ts'

const DAY_SECONDS = 86_400

/** `2027-03-31 14:05 UTC`. @param seconds Unix seconds. */
export const timeText = (seconds: number): string => {
  const iso = isoOf(seconds)
  return iso === null ? String(seconds) : `${iso.slice(0, -8).replace('T', ' ')} UTC`
}

/** `2027-03-31`, for tables. */
export const dayText = (seconds: number | null): string =>
  seconds === null ? '' : (isoOf(seconds)?.replace(/T.*/, '') ?? String(seconds))

/** The end of an approval; null has no end. */
export const endText = (seconds: number | null): string =>
  seconds === null ? 'never' : timeText(seconds)

function isoOf(seconds: number): string | null {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

/**
 * The end that --until or --days names: Unix seconds, null for no end, undefined when neither is given.
 * @param from Unix seconds that --days counts from.
 */
export function endOf(
  { until, days }: { until: string | undefined; days: string | undefined },
  from: number,
): number | null | undefined {
  if (until !== undefined && days !== undefined) {
    throw usage('Give either --until or --days, not both.')
  }
  if (days !== undefined) return from + daysOf(days) * DAY_SECONDS
  if (until === undefined) return undefined
  if (until === 'never') return null
  const seconds = secondsOf(until)
  if (seconds !== null) return seconds
  throw usage(
    `--until must be a day such as 2027-03-31 (its end, in UTC), a time such as 2027-03-31T12:00:00Z, or never, not ${JSON.stringify(until)}.`,
  )
}

export function daysOf(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw usage(`--days must be a whole number from 1 to 9999, not ${JSON.stringify(text)}.`)
}

/** Unix seconds of what a person typed, as the console reads it in CSV. A time of day must name its zone. */
function secondsOf(text: string): number | null {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text)
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/.test(text)
  if (!isDay && !isTime) return null
  const ms = Date.parse(isDay ? `${text}T23:59:59Z` : text)
  if (Number.isNaN(ms)) return null
  // Date.parse reads 31 February as a day in March.
  if (isDay && !new Date(ms).toISOString().startsWith(text)) return null
  return Math.floor(ms / 1000)
}
