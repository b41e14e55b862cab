import { describe, expect, it } from 'vitest'
import { chooseLocale, LOCALES } from '../../src/base/locale.ts'
import { words } from '../../src/ask/words.ts'

const minute = (locale: 'en' | 'de' | 'fr' | 'es') =>
  [1, 2, 15].map((n) => /minut\w*/i.exec(words[locale].expiry(n))?.[0])

describe('works', () => {
  it.each([
    ['de', 'de'],
    ['de-CH', 'de'],
    ['fr_CA', 'fr'],
    ['JA-jp', 'ja'],
    ['es-419', 'es'],
    ['zh-Hant-TW', 'en'],
    ['fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5', 'fr'],
    ['en;q=0.5, de;q=0.9', 'de'],
    ['nl, ja;q=0.3', 'ja'],
    ['es ; q=0.4 , fr ; Q=0.6', 'fr'],
    ['de, fr', 'de'],
    ['*', 'en'],
  ])('for %j, chooses the language %j', (requested, locale) => {
    expect(chooseLocale(requested)).toBe(locale)
  })

  it.each(LOCALES)('has every message in %s', (locale) => {
    expect(Object.keys(words[locale]).toSorted()).toEqual(Object.keys(words.en).toSorted())
    for (const [name, entry] of Object.entries(words[locale])) {
      if (typeof entry === 'boolean') continue
      const said = typeof entry === 'string' ? entry : entry('Latchkey', '123456')
      expect(said.trim(), name).not.toBe('')
      expect(said, name).not.toMatch(/undefined|null|NaN|\[object|[\n\r]/)
    }
  })

  it.each(LOCALES)('names the app, the code and the minutes where they belong in %s', (locale) => {
    const say = words[locale]
    for (const entry of [say.subject, say.sms]) {
      expect(entry('Latchkey', '123456')).toContain('Latchkey')
      expect(entry('Latchkey', '123456')).toContain('123456')
    }
    expect(say.intro('Latchkey')).toContain('Latchkey')
    expect(say.button('Latchkey')).toContain('Latchkey')
    expect(say.expiry(15)).toContain('15')
  })

  it('says one minute in the singular', () => {
    expect(minute('en')).toEqual(['minute', 'minutes', 'minutes'])
    expect(minute('de')).toEqual(['Minute', 'Minuten', 'Minuten'])
    expect(minute('fr')).toEqual(['minute', 'minutes', 'minutes'])
    expect(minute('es')).toEqual(['minuto', 'minutos', 'minutos'])
  })

  it('has a different text in each language, so that none was left untranslated', () => {
    for (const name of ['greeting', 'code', 'askedOn', 'ignore'] as const) {
      expect(new Set(LOCALES.map((locale) => words[locale][name])).size, name).toBe(LOCALES.length)
    }
  })
})

describe('refuses', () => {
  it.each([
    undefined,
    '',
    ' ',
    ',;=',
    'constructor',
    '__proto__',
    'de;q=0',
    'de;q=x',
    'de;q=-1',
    'de;q=2',
    'deutsch',
    'd',
    '\r\n',
  ])('falls back to English for %j', (requested) => {
    expect(chooseLocale(requested)).toBe('en')
  })
})
