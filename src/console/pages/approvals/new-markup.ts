import type { Locale } from '../../../base/locale.ts'
import { errorSummary, input, type Errors, type Typed } from '../form.ts'
import { frameWords } from '../frame-words.ts'
import { html, type Html } from '../html.ts'
import { contentFields, endFields } from './fields.ts'
import { approvalPath } from './list-markup.ts'
import type { EndLimits } from './parse.ts'
import { approvalWords } from './words.ts'

/** @param existing an address that already has an approval. */
export function newMarkup(
  locale: Locale,
  typed: Typed,
  errors: Errors,
  limits: EndLimits,
  existing?: string,
): Html {
  const say = approvalWords[locale]
  const email = {
    form: 'new',
    name: 'email',
    label: say.fields.email,
    hint: say.hints.email,
    typed,
    errors,
  }
  const attributes = html` type="email" required maxlength="320" autocomplete="off" `
  return html`<a class="back" href="/approvals">← ${say.title}</a>
    <form
      class="card stack"
      method="post"
      action="/approvals"
      enctype="multipart/form-data"
      novalidate
    >
      <div class="tight">
        <h1>${say.approve}</h1>
        <p class="soft">${say.newLead}</p>
      </div>
      ${errorSummary(frameWords[locale].problems, 'new', errors)}
      ${
        existing !== undefined &&
        html`<p><a class="button" href="${approvalPath(existing)}">${say.openIt}</a></p>`
      }
      ${input(email, attributes)}
      ${contentFields(locale, 'new', typed, errors, endFields(locale, 'new', typed, errors, limits))}
      <div class="actions">
        <button class="button main">${say.save}</button>
        <a class="button" href="/approvals">${say.cancel}</a>
      </div>
    </form>`
}
