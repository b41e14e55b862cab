import { emailMessage, smsMessage } from '../../src/ask/message.ts'
import { LOCALES, type Locale } from '../../src/base/locale.ts'
import { escapeHtml } from '../../src/base/html.ts'
import { STYLE } from './page.ts'

const SAMPLE = {
  appName: 'Latchkey',
  link: `https://auth.latchkey.test/link/tok_ml_${'a'.repeat(70)}`,
  code: '123456',
}

const emailOf = (locale: Locale) =>
  emailMessage({
    ...SAMPLE,
    locale,
    expiresInSeconds: 900,
    brandColor: '#1f4fd8',
    deviceName: 'Ada’s iPhone',
  })

/** The HTML of the email in one language; undefined if the language does not exist. */
export function previewHtml(locale: string): string | undefined {
  const known = LOCALES.find((one) => one === locale)
  return known && emailOf(known).html
}

/** Shows the email and the SMS in every language, with sample values. */
export function previewPage(nonce: string): string {
  const articles = LOCALES.map((locale) => {
    const { subject, text } = emailOf(locale)
    const sms = smsMessage({ ...SAMPLE, locale, host: 'auth.latchkey.test' })
    return `<article lang="${locale}">
<h2>${escapeHtml(subject)}</h2><p class="about">${locale}</p>
<iframe title="HTML of the email, ${locale}" sandbox="" src="/preview/${locale}/html"></iframe>
<details open><summary>Text</summary><pre>${escapeHtml(text)}</pre></details>
<details open><summary>SMS</summary><pre>${escapeHtml(sms)}</pre></details>
</article>`
  })
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Every message</title>
<style nonce="${nonce}">${STYLE}</style>
<header><h1>Every message in every language</h1><a href="/">Inbox</a></header>
<main>${articles.join('\n')}</main>
</html>
`
}
