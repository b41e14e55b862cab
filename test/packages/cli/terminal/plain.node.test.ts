import { describe, expect, it } from 'vitest'
import { plain, plainValue, safeJson } from '../../../../packages/cli/terminal/plain.ts'

/** Separators of lines, and characters that turn the direction of writing around. */
const OTHERS = [
  0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067,
  0x2068, 0x2069,
]
/** What a terminal acts upon: C0, DEL and C1 too. */
const ACTIVE = [
  ...Array.from({ length: 0x20 }, (_, code) => code).filter((code) => code !== 9 && code !== 10),
  ...Array.from({ length: 0x21 }, (_, code) => 0x7f + code),
  ...OTHERS,
].map((code) => String.fromCharCode(code))

describe('withstands', () => {
  it('T82: every character that a terminal acts upon, in texts and in names of members', () => {
    for (const character of ACTIVE) {
      expect(plain(`a${character}b`)).toBe(`a\\u{${character.charCodeAt(0).toString(16)}}b`)
    }
    const hostile = { 'na\u001bme': ['\u001b]0;title\u0007', { deep: '\u009b2J' }] }
    expect(plainValue(hostile)).toEqual({
      'na\\u{1b}me': ['\\u{1b}]0;title\\u{7}', { deep: '\\u{9b}2J' }],
    })
  })

  it('them in JSON too, of which a program reads the same value', () => {
    const value = { text: ACTIVE.join('') }
    const json = safeJson(value)
    expect(ACTIVE.filter((character) => json.includes(character))).toEqual([])
    expect(JSON.parse(json)).toEqual(value)
  })
})

describe('works', () => {
  it('leaves all other writing as it is', () => {
    const text = 'Zoë, 日本語, עברית, 👩‍👩‍👧\tand\nmore'
    expect(plain(text)).toBe(text)
    expect(plainValue({ text, n: 1, yes: true, none: null })).toEqual({
      text,
      n: 1,
      yes: true,
      none: null,
    })
  })
})
