import { emailMessage, smsMessage } from '../../src/ask/message.ts'
import { LOCALES, type Locale } from '../../src/base/locale.ts'
import { unixMs } from '../../src/base/time.ts'
import { newDeviceMail } from '../../src/sign-in/new-device-mail.ts'
import { escapeHtml } from '../../src/base/html.ts'
import { STYLE } from './look.ts'

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

const newDeviceOf = (locale: Locale) =>
  newDeviceMail({
    appName: SAMPLE.appName,
    brandColor: '#1f4fd8',
    locale,
    accountUrl: 'https://auth.latchkey.test/account',
    deviceName: 'Ada’s iPhone',
    signedInAtMs: unixMs(Date.UTC(2026, 10, 26, 9, 30)),
  })

/** The HTML of the email about a new device in one language; undefined if the language does not exist. */
export function previewNewDeviceHtml(locale: string): string | undefined {
  const known = LOCALES.find((one) => one === locale)
  return known && newDeviceOf(known).html
}

/** The HTML of the email in one language; undefined if the language does not exist. */
export function previewHtml(locale: string): string | undefined {
  const known = LOCALES.find((one) => one === locale)
  return known && emailOf(known).html
}

/** Shows the emails and the SMS in every language, with sample values. */
export function previewPage(nonce: string): string {
  const articles = LOCALES.map((locale) => {
    const { subject, text } = emailOf(locale)
    const newDevice = newDeviceOf(locale)
    const sms = smsMessage({ ...SAMPLE, locale, host: 'auth.latchkey.test' })
    return `<article class="message" lang="${locale}">
<div class="phone"><h2>${escapeHtml(subject)}</h2><p class="soft">${locale}</p>
<iframe title="HTML of the email, ${locale}" sandbox="" src="/preview/${locale}/html"></iframe></div>
<div><section class="card"><h3>SMS</h3><div class="bubble"><pre>${escapeHtml(sms)}</pre></div></section>
<section class="card"><h3>Plain text</h3><pre>${escapeHtml(text)}</pre></section></div>
</article>
<article class="message" lang="${locale}">
<div class="phone"><h2>${escapeHtml(newDevice.subject)}</h2><p class="soft">${locale}</p>
<iframe title="HTML of the email about a new device, ${locale}" sandbox="" src="/preview/${locale}/new-device"></iframe></div>
<div><section class="card"><h3>Plain text</h3><pre>${escapeHtml(newDevice.text)}</pre></section></div>
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
