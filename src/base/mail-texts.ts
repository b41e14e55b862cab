import given from '../../mail-texts.json' with { type: 'json' }
import type { Locale } from './locale.ts'

/** The company's own texts, by kind of email, language and member. `npm run check` checks the file. */
export const MAIL_TEXTS = given as Partial<Record<MailKind, Texts>>
export type MailKind = 'link' | 'newDevice'
export type Texts = Partial<Record<Locale, Record<string, string>>>

/** The placeholders of the texts that have some, in the order of the parameters of their functions. */
export const PLACEHOLDERS: Record<MailKind, Record<string, string[]>> = {
  link: {
    subject: ['app', 'code'],
    intro: ['app'],
    button: ['app'],
    expiry: ['minutes'],
    sms: ['app', 'code'],
  },
  newDevice: { subject: ['app'] },
}

/** The words of Latchkey, with the company's own texts in place of some. */
export const withOwnTexts = <Words extends object>(
  kind: MailKind,
  words: Record<Locale, Words>,
  texts: Texts = MAIL_TEXTS[kind] ?? {},
): Record<Locale, Words> => {
  const merged = { ...words }
  for (const [locale, own] of Object.entries(texts) as [Locale, Record<string, string>][]) {
    const filled = Object.entries(own).map(([member, text]) => {
      const names = PLACEHOLDERS[kind][member]
      return [member, names ? (...values: unknown[]) => fill(text, names, values) : text]
    })
    merged[locale] = { ...words[locale], ...Object.fromEntries(filled) }
  }
  return merged
}

const fill = (text: string, names: string[], values: unknown[]): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[names.indexOf(name)]))
