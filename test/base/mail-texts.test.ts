import { describe, expect, it } from 'vitest'
import { words } from '../../src/ask/words.ts'
import { LOCALES } from '../../src/base/locale.ts'
import { PLACEHOLDERS, withOwnTexts } from '../../src/base/mail-texts.ts'
import { newDeviceWords } from '../../src/sign-in/new-device-words.ts'

describe('works', () => {
  it('puts the company’s own texts in place of Latchkey’s, with their values', () => {
    const { en, de } = withOwnTexts('link', words, {
      en: { subject: '{code} opens {app}', greeting: 'Hi!', expiry: '{minutes} min, {minutes}!' },
    })
    expect(en.subject('Acme', '123456')).toBe('123456 opens Acme')
    expect(en.greeting).toBe('Hi!')
    expect(en.expiry(15)).toBe('15 min, 15!')
    // What is not in the file stays.
    expect(en.ignore).toBe(words.en.ignore)
    expect(de).toEqual(words.de)
  })

  it('takes a value as it is, even if it looks like a placeholder', () => {
    const { en } = withOwnTexts('link', words, { en: { subject: '{app} {code}' } })
    expect(en.subject('{code} $& $1', '123456')).toBe('{code} $& $1 123456')
  })

  it('knows the placeholders of every text that has values', () => {
    for (const [kind, all] of Object.entries({ link: words, newDevice: newDeviceWords })) {
      for (const locale of LOCALES) {
        const functions = Object.entries(all[locale]).filter(
          ([, word]) => typeof word === 'function',
        )
        const counts = functions.map(([name, word]) => [name, (word as () => string).length])
        const named = Object.entries(PLACEHOLDERS[kind as 'link']).map(([name, names]) => [
          name,
          names.length,
        ])
        expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(named))
      }
    }
  })
})
