import { describe, expect, it } from 'vitest'
import { normalisePhone } from '../../src/base/phone-number.ts'

describe('normalisePhone', () => {
  it.each([
    ['+14155551234', '+14155551234'],
    ['+1 (415) 555-1234', '+14155551234'],
    ['+44.20.7946.0958', '+442079460958'],
  ])('normalises %s to %s', (typed, phone) => expect(normalisePhone(typed)).toBe(phone))

  it.each([
    '',
    '14155551234',
    '+0155551234',
    '+1415',
    `+${'1'.repeat(16)}`,
    '+1415555x234',
    '+１４１５５５５１２３４',
    '+14155551234;ext=1',
    '+14155551234,+14155551235',
    '+1\n4155551234',
    ' '.repeat(99),
  ])('refuses %j', (typed) => expect(normalisePhone(typed)).toBeNull())
})
