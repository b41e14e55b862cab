import type { Locale } from '../../base/locale.ts'
import type { UnixSeconds } from '../../base/time.ts'
import { html, type Html } from './html.ts'

const DAY = 86_400

/** A row that was written by hand may have any number, or none. */
const isMoment = (at: UnixSeconds): boolean => Math.abs(at) <= 8.64e12

/** A day in the reader's language. It is in UTC, because an end is chosen as a day in UTC. */
export const dayText = (at: UnixSeconds, locale: Locale): string =>
  isMoment(at)
    ? new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(at * 1000)
    : String(at)

export const day = (at: UnixSeconds, locale: Locale): Html =>
  isMoment(at)
    ? html`<time datetime="${isoOf(at)}">${dayText(at, locale)}</time>`
    : html`${dayText(at, locale)}`

/** `Nov 30`: a day of this year, for small spaces. In UTC. */
export const shortDay = (at: UnixSeconds, locale: Locale): string =>
  new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(
    at * 1000,
  )

/** A moment in UTC. The pages' script shows it in the reader's time zone, and names the zone. */
export function moment(at: UnixSeconds, locale: Locale): Html {
  if (!isMoment(at)) return html`${String(at)}`
  const options = { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' } as const
  const text = new Intl.DateTimeFormat(locale, options).format(at * 1000)
  return html`<time datetime="${isoOf(at)}" data-moment>${text} UTC</time>`
}

/** The time of day in UTC. It names its zone, because the pages' script shows other times in the reader's zone. */
export const clock = (at: UnixSeconds, locale: Locale): Html =>
  isMoment(at)
    ? html`<time datetime="${isoOf(at)}"
        >${new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: 'UTC' }).format(at * 1000)}
        UTC</time
      >`
    : html`${String(at)}`

const isoOf = (at: UnixSeconds): string => new Date(at * 1000).toISOString().replace('.000Z', 'Z')

/** `2026-11-30`, the value of a date field, in UTC. */
export const dateValue = (at: UnixSeconds): string => isoOf(at).slice(0, 10)

/** `in 5 days`, `yesterday`. */
export function distance(at: UnixSeconds, now: UnixSeconds, locale: Locale): string {
  if (!isMoment(at)) return ''
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const seconds = at - now
  if (Math.abs(seconds) < 3600) return relative.format(Math.trunc(seconds / 60), 'minute')
  if (Math.abs(seconds) < DAY) return relative.format(Math.trunc(seconds / 3600), 'hour')
  if (Math.abs(seconds) < 60 * DAY) return relative.format(Math.round(seconds / DAY), 'day')
  if (Math.abs(seconds) < 700 * DAY)
    return relative.format(Math.round(seconds / (30 * DAY)), 'month')
  return relative.format(Math.round(seconds / (365 * DAY)), 'year')
}
