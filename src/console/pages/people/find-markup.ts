import type { Locale } from '../../../base/locale.ts'
import { errorSummary, input, type Errors, type Typed } from '../form.ts'
import { frameWords } from '../frame-words.ts'
import { html, type Html } from '../html.ts'
import { PEOPLE } from './path.ts'
import { peopleWords } from './words.ts'

/** The search field for a person. */
export function findMarkup(
  locale: Locale,
  {
    typed,
    errors,
    erased,
    part,
  }: {
    typed: Typed
    errors: Errors
    erased: boolean
    /** What was typed, if it is not a complete address. */
    part?: string | undefined
  },
): Html {
  const say = peopleWords[locale]
  const field = { form: 'find', name: 'q', label: say.find, hint: say.findHint, typed, errors }
  const attributes = html` type="search" maxlength="320" autocomplete="off" autocapitalize="none"
  spellcheck="false" required`
  return html`<div class="stack">
    <div class="tight">
      <h1>${say.title}</h1>
      <p class="soft">${say.lead}</p>
    </div>
    ${
      erased &&
      html`<div class="notice good tight" role="status">
        <h2>${say.erased[0]}</h2>
        <p>${say.erased[1]}</p>
      </div>`
    }
    ${errorSummary(frameWords[locale].problems, 'find', errors)}
    <form class="card stack" role="search" action="${PEOPLE}" novalidate>
      ${input(field, attributes)}
      <button class="button main">${say.open}</button>
    </form>
    ${
      part !== undefined &&
      html`<p>
        <a href="/approvals?q=${encodeURIComponent(part)}">${say.searchApprovals(part)}</a>
      </p>`
    }
  </div>`
}
