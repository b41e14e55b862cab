import type { Locale } from '../../../base/locale.ts'
import type { PersonEvent } from '../../people/events.ts'
import type { Timeline } from '../../people/timeline.ts'
import { whyWords } from '../../why/words.ts'
import { actionText } from '../action-text.ts'
import { deviceNameOf } from '../device-name.ts'
import { breakable, html, type Content, type Html } from '../html.ts'
import { icon, type IconName } from '../icon.ts'
import { clock, dayText } from '../when.ts'
import { dayOf, daysMarkup, startOf } from './days-markup.ts'
import type { OnePerson } from './load.ts'
import { personPath } from './path.ts'
import { peopleWords } from './words.ts'

/** @param all every event, newest first. @param page the events of this page. @param begun whether newer pages exist. */
export function timelineMarkup(
  locale: Locale,
  { email, now }: OnePerson,
  all: readonly PersonEvent[],
  page: Timeline,
  begun: boolean,
): Html {
  const say = peopleWords[locale]
  const older = page.nextCursor
  return html`<section class="card stack" id="timeline" aria-labelledby="timeline-title">
    <div class="tight">
      <h2 id="timeline-title">${say.timeline}</h2>
      <p class="soft small">${all.length === 0 ? say.noEvents : say.utc}</p>
    </div>
    ${all.length > 0 && daysMarkup(locale, all, now)} ${byDay(locale, page.events)}
    ${
      (begun || older !== undefined) &&
      html`<p class="actions">
        ${begun && html`<a class="button little" href="${personPath(email, '#timeline')}">${say.newest}</a>`}
        ${
          older !== undefined &&
          html`<a
            class="button little"
            rel="next"
            href="${personPath(email, `?cursor=${encodeURIComponent(older)}#timeline`)}"
            >${say.older}</a
          >`
        }
      </p>`
    }
  </section>`
}

const byDay = (locale: Locale, events: readonly PersonEvent[]): Html => {
  const shown = events.filter((event) => !isSignIn(event, events))
  const days = [...new Set(shown.map(({ at }) => dayOf(at)))]
  return html`${days.map(
    (day) =>
      html`<div>
        <h3 class="day">${dayText(startOf(day), locale)}</h3>
        <ol class="timeline">
          ${shown.filter(({ at }) => dayOf(at) === day).map((event) => item(locale, event))}
        </ol>
      </div>`,
  )}`
}

/** A link is used in the same moment as its session opens, so the reader sees one event. */
const isSignIn = (event: PersonEvent, events: readonly PersonEvent[]): boolean =>
  event.kind === 'used' && events.some(({ kind, at }) => kind === 'opened' && at === event.at)

const ICONS: Record<PersonEvent['kind'], IconName> = {
  asked: 'asked',
  requested: 'asked',
  used: 'good',
  opened: 'opened',
  refreshed: 'refreshed',
  ended: 'ended',
  changed: 'changed',
}

function item(locale: Locale, event: PersonEvent): Html {
  return html`<li class="${event.kind}">
    <span class="spot">${icon(ICONS[event.kind])}</span>
    <div>
      <p class="event">
        <strong>${titleOf(locale, event)}</strong>
        <span class="soft small">${clock(event.at, locale)}</span>
      </p>
      ${more(locale, event)}
    </div>
  </li>`
}

function titleOf(locale: Locale, event: PersonEvent): string {
  if (event.kind === 'changed') return actionText(locale, event.action)
  return peopleWords[locale].events[event.kind]
}

function more(locale: Locale, event: PersonEvent): Content {
  const say = peopleWords[locale]
  const line = (...parts: Content[]) => {
    const there = parts.filter((part) => part != null && part !== '')
    return (
      there.length > 0 &&
      html`<p class="soft small long">${there.map((part, i) => html`${i > 0 && ' · '}${part}`)}</p>`
    )
  }
  switch (event.kind) {
    case 'asked':
      return html`${message(locale, event)}${line(deviceNameOf(event.userAgent ?? ''), event.ipAddress)}`
    case 'requested':
    case 'opened':
      return line(
        event.kind === 'requested' && event.asks > 1 ? say.times(event.asks) : null,
        event.deviceName ?? deviceNameOf(event.userAgent ?? ''),
        event.ipAddress,
      )
    case 'ended':
      return line(whyWords[locale].ended[event.reason])
    case 'changed':
      return line(breakable(say.by(event.by)), event.reason)
    case 'refreshed':
      return event.times > 1 && line(say.times(event.times))
  }
  event.kind satisfies 'used'
  return null
}

/** Whether the message with the link was sent. */
function message(locale: Locale, { notSent, channel }: PersonEvent & { kind: 'asked' }): Html {
  const say = peopleWords[locale]
  return notSent === null
    ? html`<p class="small went">${icon('sent')} ${say.sent(channel)}</p>`
    : html`<p class="small kept">
        ${icon('kept')} ${say.keptBack(whyWords[locale].notSent[notSent])}
      </p>`
}
