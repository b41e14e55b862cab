import { describe, expect, it } from 'vitest'
import { secondsOf } from '../../../../src/console/approvals/columns.ts'
import { endOf, endText, timeText } from '../../../../packages/cli/terminal/time.ts'

const until = (text: string) => endOf({ until: text, days: undefined }, 0)

describe('works', () => {
  it.each(['2027-03-31', '2028-02-29', '2027-03-31T12:00Z', '2027-03-31T12:00:30+02:00'])(
    'reads %s as the console reads it in CSV',
    (text) => {
      expect(until(text)).toBe(secondsOf(text))
      expect(until(text)).toBeTypeOf('number')
    },
  )

  it('counts days, and knows no end', () => {
    expect(endOf({ until: undefined, days: '30' }, 1000)).toBe(1000 + 30 * 86_400)
    expect(until('never')).toBeNull()
    expect(endOf({ until: undefined, days: undefined }, 0)).toBeUndefined()
    expect(endText(null)).toBe('never')
    expect(timeText(1_806_494_700)).toBe('2027-03-31 12:05 UTC')
  })
})

describe('refuses', () => {
  it.each(['2027-02-31', '2027-3-1', '31.3.2027', '2027-03-31T12:00', 'tomorrow', '1806494700'])(
    '%s, as the console does',
    (text) => {
      expect(secondsOf(text)).toBeNull()
      expect(() => until(text)).toThrow('--until must be a day such as 2027-03-31')
    },
  )

  it.each(['0', '-1', '1.5', '10000', 'ten', ''])('%s days', (days) => {
    expect(() => endOf({ until: undefined, days }, 0)).toThrow('--days must be a whole number')
  })

  it('both at once', () => {
    expect(() => endOf({ until: 'never', days: '1' }, 0)).toThrow('not both')
  })
})
