import type { Locale } from '../../../base/locale.ts'
import { errorSummary, hidden, input, type Errors, type Typed } from '../form.ts'
import { frameWords, type Notice } from '../frame-words.ts'
import type { Page } from '../frame.ts'
import { html, type Content } from '../html.ts'
import type { Why } from '../local-path.ts'
import { signInWords } from './words.ts'

/** The page that asks for an address. */
export function askPage(
  locale: Locale,
  {
    typed,
    errors,
    why,
    returnTo,
  }: { typed: Typed; errors: Errors; why?: Why | undefined; returnTo?: string | undefined },
): Page {
  const say = signInWords[locale]
  const field = { form: 'ask', name: 'email', label: say.email, typed, errors }
  return {
    title: say.title,
    hasErrors: Object.keys(errors).length > 0,
    content: html`<form class="stack" method="post" action="/sign-in" novalidate>
      <div class="tight">
        <h1>${say.title}</h1>
        <p class="soft">${say.lead}</p>
      </div>
      ${why !== undefined && html`<p class="notice" role="status">${say.why[why]}</p>`}
      ${summary(locale, 'ask', errors)}
      ${input(field, html` type="email" autocomplete="email" required maxlength="320"${focusUnless(errors)}`)}
      ${returnTo !== undefined && hidden('return', returnTo)}
      ${why !== undefined && hidden('why', why)}
      <button class="button main">${say.send}</button>
    </form>`,
  }
}

/** The page that asks for the code. @param said something that has just happened. */
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
  const code = html` class="code" inputmode="numeric" autocomplete="one-time-code" required
  maxlength="16"${focusUnless(errors)}`
  return {
    title: say.sent,
    hasErrors: Object.keys(errors).length > 0,
    content: html`<div class="stack">
      <div class="tight">
        <h1>${say.sent}</h1>
        <p class="soft">${say.sentLead}</p>
      </div>
      <p class="account">${email}</p>
      ${said !== undefined && html`<p class="notice" role="status">${said}</p>`}
      ${summary(locale, 'code', errors)}
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

/** The page behind a link: it changes nothing before the button. */
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

/** A page that says one thing, and where to go on. */
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

/** The list of errors takes the focus itself. */
const focusUnless = (errors: Errors): Content =>
  Object.keys(errors).length === 0 && html` autofocus`

const summary = (locale: Locale, form: string, errors: Errors): Content =>
  errorSummary(frameWords[locale].problems, form, errors)
