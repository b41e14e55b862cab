import type { Locale } from '../../../base/locale.ts'
import { unixSeconds, type UnixSeconds } from '../../../base/time.ts'
import type { PersonEvent } from '../../people/events.ts'
import { frameWords } from '../frame-words.ts'
import { html, type Content, type Html } from '../html.ts'
import { icon } from '../icon.ts'
import type { Lane } from './people-words.ts'
import { peopleWords } from './words.ts'

const DAY = 86_400
const DAYS = 14
const LANES = ['asked', 'sent', 'opened', 'refreshed', 'ended'] as const satisfies Lane[]

/** The number of events of a stage on one day, and the number of messages that were not sent. */
type Day = { count: number; kept: number }

/** A drawing of the last days: one row for each stage, with a mark on each day that has an event. */
export function daysMarkup(locale: Locale, events: readonly PersonEvent[], now: UnixSeconds): Html {
  const say = peopleWords[locale]
  const firstDay = Math.floor(now / DAY) - DAYS + 1
  const lanes = lanesOf(events, firstDay)
  const number = new Intl.DateTimeFormat(locale, { day: 'numeric', timeZone: 'UTC' })
  const heads = Array.from({ length: DAYS }, (_, i) => {
    const parts = number.formatToParts((firstDay + i) * DAY * 1000)
    return html`<span>${parts.find(({ type }) => type === 'day')?.value}</span>`
  })
  const sums = LANES.map((lane) => {
    const [count, kept] = [sum(lanes[lane], 'count'), sum(lanes[lane], 'kept')]
    return `${say.lanes[lane]} ${count}${kept > 0 ? `, ${say.notSent} ${kept}` : ''}`
  })
  return html`<div>
    <h3 class="day">${say.lately}</h3>
    <div
      class="days"
      role="img"
      aria-label="${frameWords[locale].colon(say.lately, sums.join('; '))}."
    >
      <span></span>${heads}
      ${LANES.map(
        (lane) =>
          html`<span class="lane">${say.lanes[lane]}</span
            >${lanes[lane].map((day) => cell(lane, day))}`,
      )}
    </div>
  </div>`
}

function lanesOf(events: readonly PersonEvent[], firstDay: number): Record<Lane, Day[]> {
  const none = () => Array.from({ length: DAYS }, (): Day => ({ count: 0, kept: 0 }))
  const lanes = { asked: none(), sent: none(), opened: none(), refreshed: none(), ended: none() }
  for (const event of events) {
    const i = dayOf(event.at) - firstDay
    const add = (lane: Lane, what: keyof Day = 'count') => {
      const day = lanes[lane][i]
      if (day !== undefined) day[what] += 1
    }
    if (event.kind === 'asked') {
      add('asked')
      add('sent', event.notSent === null ? 'count' : 'kept')
    } else if (event.kind === 'requested') add('asked')
    else if (event.kind === 'opened' || event.kind === 'refreshed' || event.kind === 'ended') {
      add(event.kind)
    }
  }
  return lanes
}

export const dayOf = (at: UnixSeconds): number => Math.floor(at / DAY)
export const startOf = (day: number): UnixSeconds => unixSeconds(day * DAY)

const sum = (days: readonly Day[], what: keyof Day) =>
  days.reduce((total, day) => total + day[what], 0)

function cell(lane: Lane, { count, kept }: Day): Html {
  const mark = (name: string, content: Content) => html`<b class="${name}">${content}</b>`
  return html`<span
    >${count > 0 && mark(lane, count > 1 && (count > 99 ? '99' : count))}${kept > 0 && mark('kept', icon('kept'))}</span
  >`
}
