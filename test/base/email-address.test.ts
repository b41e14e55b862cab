import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  domainOf,
  mailboxOf,
  maskEmail,
  normaliseDomain,
  normaliseEmail,
} from '../../src/base/email-address.ts'
import { size } from '../support/workers/size.ts'

const ADDRESSES = size({ usual: 500, long: 10_000 })

describe('normaliseEmail', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    ['ADA@EXAMPLE.COM', 'ada@example.com'],
    ['  ada@example.com ', 'ada@example.com'],
    ["o'hara+tag/x=y#$&*?^_`{|}~-@example.com", "o'hara+tag/x=y#$&*?^_`{|}~-@example.com"],
    ['a.b.c@mail.example.co.uk', 'a.b.c@mail.example.co.uk'],
    ['1@2.example', '1@2.example'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
    ['ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
    ['ada@bu\u0308cher.example', 'ada@xn--bcher-kva.example'],
    ['ada@xn--BCHER-kva.example', 'ada@xn--bcher-kva.example'],
    ['ada@faß.example', 'ada@xn--fa-hia.example'],
    ['ada@fass.example', 'ada@fass.example'],
    ['ada@例え.テスト', 'ada@xn--r8jz45g.xn--zckzah'],
    ['ada@example.xn--p1ai', 'ada@example.xn--p1ai'],
  ])('T6, T29: normalises %j to %j', (typed, canonical) => {
    expect(normaliseEmail(typed)).toBe(canonical)
  })

  it(
    'T6: is complete after one pass, and only returns deliverable addresses',
    { tags: 'long', timeout: 120_000 },
    () => {
      const local = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.emailAddress())
      const address = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.emailAddress(),
        fc.tuple(local, fc.domain()).map((parts) => parts.join('@')),
        fc
          .tuple(fc.emailAddress(), fc.string({ unit: 'binary', maxLength: 4 }))
          .map((p) => p.join('')),
        fc
          .tuple(fc.string({ unit: 'binary', minLength: 1 }), fc.constant('.example'))
          .map(([l, d]) => `a@${l}${d}`),
      )
      fc.assert(
        fc.property(address, (typed) => {
          const email = normaliseEmail(typed)
          if (email === null) return
          expect(email).toMatch(/^[\x21-\x7e]+$/)
          expect(email).not.toMatch(/[A-Z"(),:;<>[\\\]]/)
          expect(email.split('@')).toHaveLength(2)
          expect(email.length).toBeLessThanOrEqual(254)
          expect(normaliseEmail(email)).toBe(email)
          expect(normaliseEmail(email.toUpperCase())).toBe(email)
        }),
        { numRuns: ADDRESSES },
      )
    },
  )

  it('T6: does not turn a non-ASCII character before the at sign into an ASCII one', () => {
    for (let code = 0x80; code <= 0x1ffff; code++) {
      const email = normaliseEmail(`a${String.fromCodePoint(code)}b@example.com`)
      if (email !== null) expect.fail(`U+${code.toString(16)} became ${email}`)
    }
  })

  it('T6: does not accept a look-alike of a full stop or an at sign', () => {
    for (const code of [0x2024, 0xff0e, 0x3002, 0xff61, 0xfe52, 0xff20, 0xfe6b, 0x2488]) {
      const sign = String.fromCodePoint(code)
      expect(normaliseEmail(`ada@example${sign}com`), sign).toBeNull()
      expect(normaliseEmail(`ada${sign}example.com`), sign).toBeNull()
      expect(normaliseEmail(`ada@x${sign}example.com`), sign).toBeNull()
    }
  })

  it('T50: is fast even for the longest and worst input', () => {
    const nasty = [
      'a.'.repeat(50_000),
      '@'.repeat(100_000),
      `${'a'.repeat(65_536)}@x.example`,
      ' '.repeat(99_999),
    ]
    for (const text of nasty) expect(normaliseEmail(text)).toBeNull()
    expect(normaliseEmail(`a@${'a-'.repeat(150)}`)).toBeNull()
  })
})

describe('normaliseDomain', () => {
  it.each(['example.com', 'a.b.example', 'xn--bcher-kva.example', `${'a'.repeat(63)}.example`])(
    'leaves %s unchanged',
    (domain) => expect(normaliseDomain(domain)).toBe(domain),
  )

  it.each([
    '',
    'com',
    '.com',
    'example.',
    'a..b',
    '*.example.com',
    'a b.example',
    'a/b.example',
    'a:1.example',
  ])('refuses %j', (domain) => expect(normaliseDomain(domain)).toBeNull())

  it.each(['127.0.0.1', '0x7f.1', '1.2.3.4.5', 'example.1', '[::1]', '٠.٠.٠.١'])(
    'refuses %j, which some read as an IP address',
    (domain) => expect(normaliseDomain(domain)).toBeNull(),
  )
})

describe('mailboxOf', () => {
  it.each([
    ['ada+tag@example.com', 'ada@example.com'],
    ['ada+a+b@example.com', 'ada@example.com'],
    ['ada@example.com', 'ada@example.com'],
    ['+tag@example.com', '+tag@example.com'],
  ])('T64: counts %s as %s', (email, mailbox) => expect(mailboxOf(email)).toBe(mailbox))
})

describe('maskEmail', () => {
  it.each([
    ['jane.doe@example.com', 'j•••e@example.com'],
    ['bob@example.com', 'b•••@example.com'],
    ['x@example.com', 'x•••@example.com'],
  ])('shows %s as %s', (email, masked) => expect(maskEmail(email)).toBe(masked))
})

it('domainOf returns the part after the at sign', () => {
  expect(domainOf('ada@company.example')).toBe('company.example')
})
