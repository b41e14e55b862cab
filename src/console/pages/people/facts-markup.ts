import type { Locale } from '../../../base/locale.ts'
import type { UnixSeconds } from '../../../base/time.ts'
import { breakable, html, type Content, type Html } from '../html.ts'
import { moment } from '../when.ts'
import type { OnePerson } from './load.ts'
import { personPath } from './path.ts'
import { said } from './said.ts'
import { peopleWords } from './words.ts'

/** The person's user id and dates, and what is left of their budgets. */
export function factsMarkup(locale: Locale, { email, person }: OnePerson): Html {
  const say = peopleWords[locale]
  const { firstAskedAt, mailbox, budgets } = person
  const fact = (label: string, value: Content) =>
    html`<div>
      <dt>${label}</dt>
      <dd>${value}</dd>
    </div>`
  return html`<section class="card stack" aria-labelledby="facts">
    <h2 id="facts">${say.facts}</h2>
    <dl class="facts">
      ${fact(say.firstAsked, firstAskedAt === null ? say.never : moment(firstAskedAt, locale))}
      ${
        mailbox !== email &&
        fact(say.mailbox, html`<a href="${personPath(mailbox)}">${breakable(mailbox)}</a>`)
      }
      ${fact(say.messages, budget(locale, budgets.messages))}
      ${fact(say.codes, budget(locale, budgets.codes))}
    </dl>
  </section>`
}

type Left = { left: number; size: number; nextAt: UnixSeconds | null }

/** One dot for each unit of the budget. The units that are left are filled. */
function budget(locale: Locale, { left, size, nextAt }: Left): Html {
  const say = peopleWords[locale]
  const pips = Array.from({ length: size }, (_, i) => html`<i class="${i < left && 'left'}"></i>`)
  return html`<span class="pips ${left === 0 && 'none'}" aria-hidden="true">${pips}</span>
    ${say.left(left, size)}
    ${nextAt !== null && html`<span class="soft small more">${said(locale, say.nextAt(nextAt))}</span>`}`
}
