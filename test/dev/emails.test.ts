import { HtmlValidate } from 'html-validate'
import { describe, expect, it } from 'vitest'
import { acceptEmail } from '../../dev/inbox/accept.ts'
import { emailMessage } from '../../src/ask/message.ts'
import type { Config } from '../../src/base/config.ts'
import { LOCALES, type Locale } from '../../src/base/locale.ts'
import { unixMs, unixSeconds } from '../../src/base/time.ts'
import { digestMessage } from '../../src/console/digest/message.ts'
import { grantedWords } from '../../src/console/requests/granted.ts'
import type { Email, MailContent } from '../../src/send/message.ts'
import { sesRequest } from '../../src/send/ses.ts'
import { newDeviceMail } from '../../src/sign-in/new-device-mail.ts'

// Every email that Latchkey sends, as SES gets it.

const APP = 'Acme Mobile & Co'
const LOOK = { appName: APP, brandColor: '#1f4fd8' }
const DEVICE = 'Ada’s iPhone'
const END = unixSeconds(1_900_000_000)

const asked = (locale: Locale) => ({
  ...LOOK,
  locale,
  link: `https://auth.example.org/link/tok_ml_${'a'.repeat(200)}`,
  code: '123456',
  expiresInSeconds: 900,
  deviceName: DEVICE,
})

const MAILS: Record<string, (locale: Locale) => MailContent> = {
  'with a link': (locale) => emailMessage(asked(locale)),
  'with a link, after an approval': (locale) =>
    emailMessage({ ...asked(locale), granted: grantedWords(APP, locale, END) }),
  'about a new device': (locale) =>
    newDeviceMail({
      ...LOOK,
      locale,
      accountUrl: 'https://auth.example.org/account',
      deviceName: DEVICE,
      signedInAtMs: unixMs(1_800_000_000_000),
    }),
  'of the digest': (locale) =>
    digestMessage({
      ...LOOK,
      locale,
      link: 'https://console.example.org/requests',
      waiting: 12,
      since: END,
    }),
}
const CASES = Object.entries(MAILS).flatMap(([name, write]) =>
  LOCALES.map((locale) => [name, locale, write(locale)] as const),
)

const CONFIG = {
  MAIL_FROM: 'Acme <sign-in@example.org>',
  AWS_REGION: 'us-east-1',
  SES_CONFIGURATION_SET: 'latchkey',
} as Config

const requestOf = (content: MailContent) => {
  const mail: Email = { channel: 'email', to: 'ada@example.org', reference: 'r', ...content }
  return JSON.parse(sesRequest(CONFIG, mail).body) as Record<string, unknown>
}

/** The recommended rules, without those that do not fit an email. */
const linter = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    // Mail apps remove <style>, know no <article>, and older ones only place a table by its attributes.
    'no-inline-style': 'off',
    'prefer-native-element': 'off',
    'no-deprecated-attr': 'off',
    // A name of a company may make a title longer than a search engine shows.
    'long-title': 'off',
    // Matters of taste: `presentation` is known to more screen readers, and parsers add <tbody>.
    'presentation-role-style': 'off',
    'prefer-tbody': 'off',
    'doctype-style': 'off',
  },
})

/** What a person reads of the HTML: without what is hidden, or not a part of the text. */
const readable = (html: string): string =>
  html
    .replace(/<head>.*?<\/head>/s, '')
    .replace(/<div style="display:none[^>]*>.*?<\/div>/s, '')
    .replace(/<[^>]*>/g, '\n')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

describe.each(CASES)('the email %s, in %s', (_, locale, content) => {
  const { subject, text, html } = content

  it('is what SES accepts, in UTF-8, with the headers of an automatic message and no others', () => {
    const body = requestOf(content)
    expect(acceptEmail(body)).toMatchObject({ subject, text, html, to: 'ada@example.org' })
    const { Simple } = body['Content'] as {
      Simple: { Headers: object[]; Subject: object; Body: Record<string, object> }
    }
    // SES adds From, To, Date, Message-ID and MIME-Version. List-Unsubscribe and Precedence: bulk would be wrong:
    // nobody subscribed, and nobody can sign in without these messages.
    expect(Simple.Headers).toEqual([
      { Name: 'X-Entity-Ref-ID', Value: 'r' },
      { Name: 'Auto-Submitted', Value: 'auto-generated' },
    ])
    for (const part of [Simple.Subject, Simple.Body['Text'], Simple.Body['Html']]) {
      expect(part).toMatchObject({ Charset: 'UTF-8' })
    }
  })

  it('has a subject of one line, below 78 characters, without a gap at its ends', () => {
    expect(subject).toMatch(/^\S.*\S$/)
    expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u)
    expect([...subject].length).toBeLessThan(78)
  })

  it('has no line that is longer than RFC 5322 allows: 998 bytes', () => {
    for (const line of `${text}\n${html}`.split('\n')) {
      expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(998)
      expect(line).not.toContain('\r')
    }
  })

  it('has valid HTML, by the rules of html-validate', async () => {
    const { results } = await linter.validateString(html)
    const messages = results.flatMap((result) => result.messages)
    expect(messages.map(({ ruleId, message, line }) => `${line} ${ruleId}: ${message}`)).toEqual([])
    expect(html).toContain(`<html lang="${locale}"`)
  })

  it('loads nothing, runs nothing, and links to one place', () => {
    expect(html).not.toMatch(
      /<(?:img|script|link|iframe|object|embed|video|audio|form|input|svg)\b/i,
    )
    expect(html).not.toMatch(/\b(?:src|srcset|background|poster)="|url\(|@import|\bon\w+="/i)
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)
    expect(links).toHaveLength(1)
    expect(links[0]).toMatch(/^https:\/\/(?:auth|console)\.example\.org\//)
    // SES must not replace the link by one of its own.
    expect(html).toContain(`<a ses:no-track href="${links[0]}"`)
    expect(text.match(/https?:\S+/g)).toEqual(links)
  })

  it('says the same in the text and in the HTML', () => {
    const shown = readable(html)
    const lines = text.split('\n').filter(Boolean)
    const [link] = text.match(/https?:\S+/)!
    for (const line of lines.filter((line) => line !== link)) {
      // A name that somebody typed is in an element of its own.
      const parts = line.endsWith(DEVICE) ? [line.slice(0, -DEVICE.length), DEVICE] : [line]
      for (const part of parts) expect(shown).toContain(part.replace(/\.$/, ''))
    }
  })
})
