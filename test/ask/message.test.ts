import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emailMessage, smsMessage, type EmailInput, type SmsInput } from '../../src/ask/message.ts'
import { escapeHtml } from '../../src/base/html.ts'
import { LOCALES } from '../../src/base/locale.ts'
import { size } from '../support/workers/size.ts'

const NAMES = size({ usual: 4000, long: 100_000 })

const host = 'in.latchkey.test'
const link = `https://${host}/link/tok_ml_${'aZ0-_kQ'.repeat(10)}`
const mail: EmailInput = {
  appName: 'Latchkey',
  link,
  code: '012345',
  expiresInSeconds: 900,
  locale: 'en',
  brandColor: '#0055cc',
  deviceName: 'Pixel 9 Pro',
}
const sms: SmsInput = { appName: 'Latchkey', link, code: '012345', host, locale: 'en' }
const GSM_LOCALES = ['en', 'de', 'fr', 'es'] as const

// The whole of GSM 03.38 (3GPP TS 23.038, 6.2.1), written down apart from the code under test.
const GSM_BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const GSM_EXTENSION = '^{}\\[~]|€'

function septets(message: string): number {
  let count = 0
  for (const character of message) {
    if (GSM_BASIC.includes(character)) count += 1
    else if (GSM_EXTENSION.includes(character)) count += 2
    else throw new Error(`not in GSM 03.38: ${character}`)
  }
  return count
}

interface Element {
  tag: string
  attributes: Record<string, string>
}

/** The elements and the text as a real HTML parser sees them. */
async function parse(html: string): Promise<{ elements: Element[]; text: string }> {
  const elements: Element[] = []
  let text = ''
  const rewriter = new HTMLRewriter().on('*', {
    element(element) {
      const attributes = Object.fromEntries([...element.attributes] as [string, string][])
      elements.push({ tag: element.tagName, attributes })
    },
    text(chunk) {
      text += chunk.text
    },
  })
  await rewriter.transform(new Response(html)).text()
  return { elements, text }
}

const only = (elements: Element[], tag: string): Element => {
  const found = elements.filter((element) => element.tag === tag)
  expect(found, tag).toHaveLength(1)
  return found[0] as Element
}

/** Tags and the names of their attributes: what no value may change. */
async function shape(input: EmailInput): Promise<string[]> {
  const { elements } = await parse(emailMessage(input).html)
  return elements.map(({ tag, attributes }) => `${tag} ${Object.keys(attributes).join(' ')}`)
}

const says = (expiresInSeconds: number) => emailMessage({ ...mail, expiresInSeconds }).text
const first = (appName: string) => smsMessage({ ...sms, appName }).split('\n')[0]

/** Relative luminance of `#rrggbb` (WCAG 2.2). */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

describe('works: email', () => {
  it('has the app and the code in the subject, which phones show', () => {
    expect(emailMessage(mail).subject).toBe('012345 is your Latchkey code')
  })

  it.each(LOCALES)('is complete in %s', async (locale) => {
    const { subject, text, html } = emailMessage({ ...mail, locale })
    for (const part of [subject, text, html]) {
      expect(part).not.toMatch(/undefined|null|NaN|\[object/)
      expect(part).toContain('012345')
      expect(part).toContain('Latchkey')
    }
    expect(text.split('\n')).toEqual(expect.arrayContaining([link, '012345']))
    expect(text).toMatch(/15/)
    expect(text).toContain('Pixel 9 Pro')
    const shown = (await parse(html)).text
    for (const line of text
      .trim()
      .split('\n\n')
      .filter((line) => line !== link)) {
      expect(shown.replaceAll('&#39;', "'")).toContain(line)
    }
  })

  it('rounds the remaining time down, to at least one minute', () => {
    expect(says(899)).toContain('expire in 14 minutes.')
    expect(says(119)).toContain('expire in 1 minute.')
    expect(says(20)).toContain('expire in 1 minute.')
  })

  it('leaves out the line about the device if there is no name to show', () => {
    for (const deviceName of [undefined, '', ' \r\n', '://', '…', '\u202e']) {
      const { text, html } = emailMessage({ ...mail, deviceName })
      expect(text).not.toContain('Asked for on')
      expect(html).not.toContain('Asked for on')
      expect(text).not.toContain('\n\n\n')
    }
  })

  it('keeps real device names', () => {
    for (const [given, shown] of [
      ["Anna's iPhone 15 Pro", "Anna's iPhone 15 Pro"],
      ['Xiaomi 2201116SG', 'Xiaomi 2201116SG'],
      ['Galaxy Tab 10 (2024)', 'Galaxy Tab 10 (2024)'],
      ['Dr. Müllers Gerät', 'Dr. Müllers Gerät'],
      ['Android 14.1', 'Android 14·1'],
      ['太郎のiPhone', '太郎のiPhone'],
      ['هاتف أحمد', 'هاتف أحمد'],
      ['SM-G991B/DS', 'SM-G991B DS'],
      ['Galaxy S24 (5G), 256 GB', 'Galaxy S24 (5G), 256 GB'],
      ['iOS 17.5.1', 'iOS 17·5·1'],
      ['iPhone14,5', 'iPhone14,5'],
      ['Samsung SM-A536B', 'Samsung SM-A536B'],
    ] as const) {
      expect(emailMessage({ ...mail, deviceName: given }).text).toContain(
        `Requested on: ${shown}\n`,
      )
    }
  })

  it.each(LOCALES)(
    'is accessible in %s, without images, scripts or external resources',
    async (locale) => {
      const { html, subject } = emailMessage({ ...mail, locale })
      const { elements } = await parse(html)
      expect(html).toMatch(/^<!doctype html>/)
      expect(only(elements, 'html').attributes).toMatchObject({ lang: locale, dir: 'ltr' })
      only(elements, 'title')
      only(elements, 'h1')
      for (const { tag, attributes } of elements) {
        expect(['img', 'script', 'link', 'iframe', 'form', 'object', 'svg', 'base']).not.toContain(
          tag,
        )
        if (tag === 'table') expect(attributes.role).toBe('presentation')
        if (tag !== 'a') expect(attributes).not.toHaveProperty('href')
        expect(attributes).not.toHaveProperty('src')
        expect(Object.keys(attributes).filter((name) => name.startsWith('on'))).toEqual([])
      }
      expect(html).not.toMatch(/url\(|@import|@font-face/i)
      expect(html.split(link)).toHaveLength(2)
      expect(html).not.toMatch(/https?:\/\/(?!in\.latchkey\.test\/link\/)/)
      const article = elements.find(({ attributes }) => attributes.role === 'article')
      expect(article?.attributes).toMatchObject({ lang: locale, 'aria-label': subject })
      const meta = elements.filter(({ tag }) => tag === 'meta').map((e) => e.attributes)
      expect(meta).toContainEqual({ name: 'color-scheme', content: 'light dark' })
      expect(html).toContain('max-width:480px')
    },
  )

  it('tells SES not to track the link', async () => {
    const { html } = emailMessage(mail)
    const anchor = only((await parse(html)).elements, 'a')
    expect(anchor.attributes.href).toBe(link)
    expect(anchor.attributes).toHaveProperty('ses:no-track')
    expect(html).toContain('<a ses:no-track href=')
  })

  it.each([
    '#000000',
    '#ffffff',
    '#ff0000',
    '#777777',
    '#767676',
    '#0055cc',
    '#FFCC00',
    '#00aa55',
    '#8a8a8a',
  ])('uses readable text on a button of %s', async (brandColor) => {
    const { elements } = await parse(emailMessage({ ...mail, brandColor }).html)
    const button = elements.find(({ attributes }) => attributes.bgcolor)
    expect(button?.attributes.bgcolor).toBe(brandColor)
    const ink = /[;"]color:(#\w{6})/.exec(`;${only(elements, 'a').attributes.style}`)?.[1] ?? ''
    expect(contrast(brandColor, ink)).toBeGreaterThanOrEqual(4.5)
  })

  it('stays far below the size at which Gmail clips an email', () => {
    for (const locale of LOCALES) {
      expect(new TextEncoder().encode(emailMessage({ ...mail, locale }).html).length).toBeLessThan(
        6000,
      )
    }
  })
})

describe('works: SMS', () => {
  it('has app and code, then the link, then the origin-bound last line', () => {
    expect(smsMessage(sms).split('\n')).toEqual([
      'Latchkey code: 012345',
      link,
      '@in.latchkey.test #012345',
    ])
  })

  it.each(GSM_LOCALES)('fits one message of 160 septets in %s', (locale) => {
    expect(host).toHaveLength(16)
    expect(link).toHaveLength(107)
    const message = smsMessage({ ...sms, locale })
    expect(message).toContain('Latchkey')
    expect(septets(message)).toBeLessThanOrEqual(160)
  })

  it.each(GSM_LOCALES)('cuts a long app name to avoid a second message in %s', (locale) => {
    const message = smsMessage({ ...sms, locale, appName: 'Latchkey for Enterprise Customers' })
    expect(message).toContain('Latchkey')
    expect(septets(message)).toBeLessThanOrEqual(160)
    expect(message.split('\n').slice(1)).toEqual([link, `@${host} #012345`])
  })

  it('uses the room of the second message if a long link needs it anyway', () => {
    const message = smsMessage({
      ...sms,
      link: link + 'x'.repeat(40),
      appName: 'A somewhat long name',
    })
    expect(message).toContain('A somewhat long name code')
    expect(septets(message)).toBeLessThanOrEqual(306)
  })

  it('keeps the name with a link that is too long for three messages', () => {
    expect(smsMessage({ ...sms, link: link + 'x'.repeat(500) })).toContain('Latchkey code')
  })

  it('stays in three segments of UCS-2 in Japanese', () => {
    const message = smsMessage({ ...sms, locale: 'ja', appName: 'ラッチキー' })
    expect(message).toContain('ラッチキー の認証コード：012345')
    expect(message.length).toBeLessThanOrEqual(3 * 67)
    expect(
      smsMessage({ ...sms, locale: 'ja', appName: '鍵'.repeat(99) }).length,
    ).toBeLessThanOrEqual(201)
  })

  it('spells the app name in GSM letters, or leaves it out', () => {
    expect(first('Façade')).toBe('Facade code: 012345')
    expect(first('Café Ö')).toBe('Café Ö code: 012345')
    expect(first('Key – Go')).toBe('Key Go code: 012345')
    expect(first('A{B}~`C')).toBe('A B C code: 012345')
    expect(first('Ключ 2')).toBe('code: 012345')
    expect(first('🔑 Key')).toBe('Key code: 012345')
    expect(first('')).toBe('code: 012345')
    for (const locale of GSM_LOCALES) septets(smsMessage({ ...sms, locale, appName: 'Œuvre €^|' }))
  })
})

describe('refuses', () => {
  it.each([
    '',
    'tok_ml_x',
    'javascript:alert(1)',
    'https://',
    `${link}\r\nBcc: x@evil.com`,
    `${link} x`,
    `${link}\u2028`,
  ])('the link %j', (link) => {
    expect(() => emailMessage({ ...mail, link })).toThrow(TypeError)
    expect(() => smsMessage({ ...sms, link })).toThrow(TypeError)
  })

  it.each(['', '12345', '1234567', '12345a', '123456\n', '<b>1', '１２３４５６'])(
    'the code %j',
    (code) => {
      expect(() => emailMessage({ ...mail, code })).toThrow(TypeError)
      expect(() => smsMessage({ ...sms, code })).toThrow(TypeError)
    },
  )

  it.each(['', 'a b', 'in.latchkey.test\n@evil.com #999999', 'a#b', 'a/b', '<b>'])(
    'the host %j',
    (host) => {
      expect(() => smsMessage({ ...sms, host })).toThrow(TypeError)
    },
  )
})

/**
 * Six digits or more that may be one number: up to four signs between two of them, and no Latin letter beside
 * them, as libphonenumber's matcher has it. It takes the Japanese long vowel mark for a dash.
 */
const DIGITS =
  /(?<![\p{Script=Latin}\p{N}])\p{Nd}(?:(?:[^\p{L}\p{N}]|ー){0,4}\p{Nd}){5,}(?![\p{Script=Latin}\p{N}])/gu

describe('withstands', () => {
  const BREAKS = [
    '\r\n',
    '\n',
    '\r',
    '\0',
    '\v',
    '\f',
    '\x1b',
    '\x7f',
    '\x85',
    '\u2028',
    '\u2029',
    '\u202e',
    '\u2066',
    '\u200b',
    '\ufeff',
    '\ud800',
  ]
  const CONTROLS = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u

  it.each(BREAKS)('%j in any name: it adds no header, line or hidden character', (mark) => {
    const evil = `Latch${mark}Bcc: victim@example.org${mark}${mark}key`
    for (const locale of LOCALES) {
      const clean = emailMessage({ ...mail, locale })
      const dirty = emailMessage({ ...mail, locale, appName: evil, deviceName: evil })
      expect(dirty.subject).not.toMatch(CONTROLS)
      for (const part of ['text', 'html'] as const) {
        expect(dirty[part].split('\n')).toHaveLength(clean[part].split('\n').length)
        expect(dirty[part].replaceAll('\n', '')).not.toMatch(CONTROLS)
      }
      const message = smsMessage({ ...sms, locale, appName: evil })
      expect(message.split('\n')).toHaveLength(3)
      expect(message.replaceAll('\n', '')).not.toMatch(CONTROLS)
      expect(message.endsWith(`\n@${host} #012345`)).toBe(true)
    }
  })

  it.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</title><script>alert(1)</script>',
    '</style><svg onload=alert(1)>',
    '<!--',
    '&lt;script&gt;',
    '&#60;b&#62;',
    ']]><a href="https://evil.com">x</a>',
  ])('HTML in any field: %j', async (payload) => {
    const clean = await shape(mail)
    for (const dirty of [
      { ...mail, appName: payload },
      { ...mail, deviceName: `x${payload}` },
      { ...mail, brandColor: payload },
      { ...mail, brandColor: `#0055cc;${payload}` },
      { ...mail, link: `${link}?${payload.replace(/\s/g, '/')}` },
    ]) {
      expect(await shape(dirty)).toEqual(clean)
    }
  })

  it('markup in the app name: it is shown as text', () => {
    const { html, subject } = emailMessage({ ...mail, appName: `A&B <"'>` })
    expect(subject).toBe(`012345 is your A&B <"'> code`)
    expect(html).toContain(
      '<h1 style="font-size:20px;margin:0 0 24px">A&amp;B &lt;&quot;&#39;&gt;</h1>',
    )
  })

  it('special characters that a device name may keep: they are escaped', () => {
    const { text, html } = emailMessage({ ...mail, deviceName: "AT&T Anna's" })
    expect(text).toContain("Requested on: AT&T Anna's\n")
    expect(html).toContain('<bdi>AT&amp;T Anna&#39;s</bdi>')
  })

  it('an invalid colour: it uses the default', () => {
    for (const brandColor of ['', '#06c', 'red', '#00000g', 'url(//evil.com)', '#0055cc\n']) {
      const { html } = emailMessage({ ...mail, brandColor })
      expect(html).toMatch(/bgcolor="#[\da-f]{6}"/)
      expect(html).not.toContain('evil')
    }
  })

  it.each([
    'evil.com',
    'https://evil.com/login?x=1',
    'www.evil.com.',
    'evil．com',
    'evil。com',
    'evil｡com',
    'evil․com',
    'evil.\u200bcom',
    'evil.\ufeffcom',
    'evil\u00ad.com',
    'evil…com',
    'help@evil.com',
    'mailto:help＠evil.com',
    'tel:+15550199999',
    '10.0.0.1:8080/x',
    `${'x'.repeat(34)}.evil.com/long`,
    'ⓔvil.ⓒom',
    'evil⒈com',
  ])('%j as a device name: nothing can be tapped', (deviceName) => {
    const { text } = emailMessage({ ...mail, deviceName })
    const line = /Requested on: (.*)/.exec(text)?.[1] ?? ''
    expect(line).not.toMatch(/\S[.．。｡․]\S|[@:/＠]/u)
    expect(line.normalize('NFKC').replaceAll('...', '')).not.toMatch(/\S\.\S|[@:/]/u)
  })

  it.each([
    'call 1-800-555-0199',
    '+1 (415) 555-1234',
    '654321',
    'code 999999 x',
    '４１５５５５１２３４',
    '٠١٢٣٤٥٦٧',
    '555-0199',
    '555 0199',
    'call 5 5 5 0 1 9 9 now',
    '1 - 800 - 555 - 0199',
    '800 -- 555 -- 0199',
    '800, 555, 0199',
    '800…555…0199',
    '電話0312345678',
    '電話03-1234-5678まで',
    '0120ー444ー113',
    '0120ｰ444ｰ113',
    'т89161234567',
    'ת03-1234567',
    '654-321',
    '654 321',
    '65 43 21',
    '6·5·4·3·2·1',
    'コード654321',
    'код654321',
    '654321です',
    '6\u03015\u03014\u03013\u03012\u03011\u0301',
    '654\u200b321',
    '654\u00ad321',
    '¹²³⁴⁵⁶',
    '①②③④⑤⑥',
    '𝟔𝟓𝟒𝟑𝟐𝟏',
    '19 2024 20',
    '12 3456',
    '10 2024',
    '1٥ (2024)',
    '18005550199x1',
    '18005550199 ext. 1',
  ])('%j as a device name: no number looks like a phone number or the code', (deviceName) => {
    const { text } = emailMessage({ ...mail, deviceName })
    const line = /Requested on: (.*)/.exec(text)?.[1] ?? ''
    expect(line).not.toMatch(/\p{Nd}{6}|\p{Nd}.*\p{Nd}/u)
  })

  it(
    'arbitrary device names: nothing can be tapped, called or mistaken for the code',
    { tags: 'long', timeout: 120_000 },
    () => {
      const nasty = fc.constantFrom(
        'evil',
        'com',
        'www',
        'tel',
        'x',
        'A',
        'т',
        '話',
        'ー',
        'ｰ',
        'の',
        'א',
        'é',
        '\u0301',
        '.',
        '．',
        '。',
        '․',
        '…',
        '⒈',
        '·',
        ':',
        '：',
        '/',
        '／',
        '@',
        '＠',
        '?',
        '#',
        '%',
        '\\',
        ' ',
        '  ',
        '\t',
        '\n',
        '\u00a0',
        '\u3000',
        '\u200b',
        '\u00ad',
        '\ufeff',
        '\u202e',
        '\u2800',
        '-',
        '–',
        '‑',
        '−',
        '－',
        '(',
        ')',
        '+',
        '＋',
        ',',
        '&',
        '_',
        '*',
        '~',
        '’',
        "'",
        '🔑',
        '️',
        '1',
        '23',
        '555',
        '0199',
        '800',
        '2024',
        '654321',
        '４',
        '٥',
        '６',
        '²',
        '①',
        '𝟔',
        'Ⅷ',
      )
      const name = fc.oneof(
        fc.array(nasty, { maxLength: 14 }).map((parts) => parts.join('')),
        fc.string({ unit: 'binary', maxLength: 40 }),
      )
      fc.assert(
        fc.property(name, (deviceName) => {
          const { text, html } = emailMessage({ ...mail, deviceName })
          const line = /\n\nRequested on: (.*)\n\n/.exec(text)?.[1] ?? ''
          expect(/<bdi>(.*)<\/bdi>/.exec(html)?.[1] ?? '').toBe(escapeHtml(line))
          expect([...line].length).toBeLessThanOrEqual(120)
          // As a program sees it that forgives look-alikes and folds spaces, as HTML does.
          const seen = line.normalize('NFKC').replace(/\s+/g, ' ').replaceAll('...', '…')
          expect(seen).not.toMatch(/\S\.\S|[@:/\\?#%]/u)
          expect(seen).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
          for (const number of seen.match(DIGITS) ?? [])
            expect(number).toMatch(/^\d{1,2} \(20\d\d$/)
        }),
        { numRuns: NAMES },
      )
    },
  )

  it('names of a megabyte: they are cut to one short line', () => {
    const long = '9 '.repeat(500_000)
    const { subject, text } = emailMessage({ ...mail, appName: long, deviceName: `x${long}` })
    expect(subject.length).toBeLessThan(80)
    expect(text.length).toBeLessThan(700)
    expect(smsMessage({ ...sms, appName: long }).length).toBeLessThanOrEqual(160)
  })
})
