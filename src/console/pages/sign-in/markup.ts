import type { Locale } from '../../../base/locale.ts'
import { errorSummary, hidden, input, type Errors, type Typed } from '../form.ts'
import { frameWords, type Notice } from '../frame-words.ts'
import type { Page } from '../frame.ts'
import { html, type Content } from '../html.ts'
import type { Why } from '../local-path.ts'
import { signInWords } from './words.ts'

export type Asking = {
  typed: Typed
  errors: Errors
  /** Why the person cannot ask again yet. */
  wait?: string | undefined
  why?: Why | undefined
  returnTo?: string | undefined
}

/** The page with the address field. @param begun whether this browser has a pending sign-in, whose code can be entered. */
export function askPage(
  locale: Locale,
  { typed, errors, wait, why, returnTo, begun, app }: Asking & { begun: boolean; app: string },
): Page {
  const say = signInWords[locale]
  const field = { form: 'ask', name: 'email', label: say.email, typed, errors }
  return {
    title: say.title,
    hasErrors: wait !== undefined || Object.keys(errors).length > 0,
    content: html`<form class="stack" method="post" action="/sign-in" novalidate>
      <div class="tight">
        <h1>${say.title}</h1>
        <p class="soft">${say.lead(app)}</p>
      </div>
      ${why !== undefined && html`<p class="notice" role="status">${say.why[why]}</p>`}
      ${
        wait !== undefined &&
        html`<div class="notice warn tight" role="alert" tabindex="-1" data-focus>
          <h2>${say.waitTitle}</h2>
          <p>${wait}</p>
        </div>`
      }
      ${errorSummary(frameWords[locale].problems, 'ask', errors)}
      ${input(field, html` type="email" autocomplete="email" required maxlength="320"${wait === undefined && focusUnless(errors)}`)}
      ${returnTo !== undefined && hidden('return', returnTo)}
      ${why !== undefined && hidden('why', why)}
      <button class="button main">${say.send}</button>
      ${begun && html`<p class="small"><a href="/sign-in/code">${say.haveCode}</a></p>`}
    </form>`,
  }
}

/** The page with the code field. @param said what has just happened. */
export function codePage(
  locale: Locale,
  {
    email,
    typed,
    errors,
    said,
  }: { email: string; typed: Typed; errors: Errors; said?: string | undefined },
): Page {
  const say = signInWords[locale]
  const field = { form: 'code', name: 'code', label: say.code, hint: say.codeHint, typed, errors }
  // The only field gets the focus, and a wrong code is selected, so that typing replaces it.
  const wrong = Object.keys(errors).length > 0
  const code = html` class="code" inputmode="numeric" autocomplete="one-time-code" required
  maxlength="16" ${wrong ? html`data-select` : html`autofocus`}`
  return {
    title: say.sent,
    hasErrors: wrong,
    content: html`<div class="stack">
      <div class="tight">
        <h1>${say.sent}</h1>
        <p class="soft">${say.sentLead}</p>
      </div>
      <p class="account">${email}</p>
      ${said !== undefined && html`<p class="notice" role="status">${said}</p>`}
      <form class="stack" method="post" action="/sign-in/code" novalidate>
        ${input(field, code)}
        <button class="button main">${say.enter}</button>
      </form>
      <form class="small soft" method="post" action="/sign-in/resend">
        <p>${say.noMail} <button class="plain">${say.resend}</button></p>
        <p><a href="/sign-in">${say.otherAddress}</a></p>
      </form>
    </div>`,
  }
}

/** The page behind a link. Only its button changes anything. */
export function linkPage(locale: Locale, token: string, account: string): Page {
  const say = signInWords[locale]
  const [title, text] = say.link
  return {
    title,
    content: html`<form class="stack" method="post" action="/link">
      <div class="tight">
        <h1>${title}</h1>
        <p class="soft">${text}</p>
      </div>
      ${account !== '' && html`<p class="account">${account}</p>`} ${hidden('token', token)}
      <button class="button main">${say.confirm}</button>
      <p class="small soft">${say.close}</p>
    </form>`,
  }
}

/** A page with one message, and a link to the next step. */
export function noticePage(locale: Locale, [title, text]: Notice, actions: Content = null): Page {
  const say = signInWords[locale]
  return {
    title,
    content: html`<div class="stack">
      <div class="tight">
        <h1>${title}</h1>
        <p class="soft">${text}</p>
      </div>
      <p class="actions">${actions}<a class="button" href="/sign-in">${say.again}</a></p>
    </div>`,
  }
}

export const toCode = (locale: Locale): Content =>
  html`<a class="button" href="/sign-in/code">${signInWords[locale].enterCode}</a>`

/** The list of errors takes the focus instead. */
const focusUnless = (errors: Errors): Content =>
  Object.keys(errors).length === 0 && html` autofocus`
