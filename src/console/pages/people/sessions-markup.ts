import type { Locale } from '../../../base/locale.ts'
import type { UnixSeconds } from '../../../base/time.ts'
import { nameOf } from '../../why/text.ts'
import { whyWords } from '../../why/words.ts'
import { deviceNameOf } from '../device-name.ts'
import { html, type Content, type Html } from '../html.ts'
import { distance, moment } from '../when.ts'
import type { DescribedSession, OnePerson } from './load.ts'
import { endSessionPath, personPath } from './path.ts'
import { said } from './said.ts'
import { peopleWords } from './words.ts'

/** The live sessions, each with a button, and the ended sessions in a <details> element. */
export function sessionsMarkup(locale: Locale, one: OnePerson): Html {
  const say = peopleWords[locale]
  const { person, own, email } = one
  const alive = person.sessions.filter((session) => session.alive)
  const ended = person.sessions.filter((session) => !session.alive)
  const list = (sessions: readonly DescribedSession[]) =>
    html`<ul class="sessions">
      ${sessions.map((session) => item(locale, session, one))}
    </ul>`
  const canEnd = !own && person.userId !== null
  return html`<section class="card stack" aria-labelledby="sessions">
    <div class="head">
      <h2 id="sessions">
        ${say.sessions} ${alive.length > 0 && html`<span class="count">${alive.length}</span>`}
      </h2>
      ${canEnd && html`<a class="button little" href="${personPath(email, '/end')}">${say.endAll}</a>`}
    </div>
    ${own && html`<p class="notice">${say.own}</p>`}
    ${
      alive.length === 0 && ended.length === 0
        ? html`<p class="soft">${say.noSessions}</p>`
        : alive.length === 0
          ? html`<p class="soft">${whyWords[locale].answers.noneAlive}</p>`
          : list(alive)
    }
    ${
      ended.length > 0 &&
      html`<details>
        <summary>${say.endedSessions(ended.length)}</summary>
        ${list(ended)}
      </details>`
    }
  </section>`
}

function item(locale: Locale, session: DescribedSession, { own, email, now }: OnePerson) {
  const say = peopleWords[locale]
  const { alive, end } = session
  return html`<li>
    <div class="session">
      <h3 class="long">${deviceOf(locale, session)}</h3>
      <span class="state ${alive && 'active'}">${say.state[alive ? 'alive' : 'ended']}</span>
      ${
        alive &&
        !own &&
        html`<a
          class="button little"
          href="${endSessionPath(email, session.id)}"
          aria-label="${say.end} ${deviceOf(locale, session)}"
          >${say.end}</a
        >`
      }
    </div>
    ${sessionFacts(locale, session, now)}
    <p class="soft small">
      ${
        end !== null
          ? said(
              locale,
              say.endedBecause(end.at, nameOf(end.by), whyWords[locale].ended[end.reason]),
            )
          : session.endsAt !== null && said(locale, say.endsAt(session.endsAt))
      }
    </p>
  </li>`
}

export const deviceOf = (locale: Locale, { deviceName, userAgent }: DescribedSession): string =>
  deviceName ?? (deviceNameOf(userAgent) || peopleWords[locale].noName)

/** When it began, when it was last used, and from where. */
export function sessionFacts(locale: Locale, session: DescribedSession, now: UnixSeconds): Html {
  const say = peopleWords[locale]
  const { createdAt, refreshes, lastUsedAt, ipAddress, userAgent } = session
  const fact = (label: string, value: Content, more: Content = null) =>
    html`<div>
      <dt>${label}</dt>
      <dd>${value}${more !== null && html`<span class="soft more">${more}</span>`}</dd>
    </div>`
  return html`<dl class="trio small">
      ${fact(say.since, distance(createdAt, now, locale), moment(createdAt, locale))}
      ${
        refreshes === 0
          ? fact(say.lastRefreshed, say.neverRefreshed)
          : fact(say.lastRefreshed, distance(lastUsedAt, now, locale), moment(lastUsedAt, locale))
      }
      ${fact(say.from, ipAddress || '–')}
    </dl>
    ${userAgent !== '' && html`<p class="soft small line">${userAgent}</p>`}`
}
