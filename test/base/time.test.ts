import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addSeconds, latest, toSeconds, unixMs, unixSeconds } from '../../src/base/time.ts'

describe('works', () => {
  it('rounds down to the current second', () => {
    expect(toSeconds(unixMs(1_999))).toBe(1)
    expect(toSeconds(unixMs(2_000))).toBe(2)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 46 }), (ms) => {
        const seconds = toSeconds(unixMs(ms))
        expect(seconds * 1000).toBeLessThanOrEqual(ms)
        expect((seconds + 1) * 1000).toBeGreaterThan(ms)
      }),
    )
  })

  it('adds seconds, also negative ones', () => {
    expect(addSeconds(unixSeconds(1000), 900)).toBe(1900)
    expect(addSeconds(unixSeconds(1000), -900)).toBe(100)
  })

  it('returns the latest time, whatever the order', () => {
    expect(latest(unixMs(3), unixMs(7), unixMs(5))).toBe(7)
    expect(latest(unixMs(7))).toBe(7)
  })
})

describe('refuses', () => {
  it('at compile time: seconds for milliseconds, milliseconds for seconds, plain numbers for either', () => {
    // @ts-expect-error A moment in seconds is none in milliseconds.
    expect(toSeconds(unixSeconds(2_000))).toBe(2)
    // @ts-expect-error Nor the other way round.
    expect(addSeconds(unixMs(2_000), 1)).toBe(2001)
    // @ts-expect-error A plain number has no unit.
    expect(latest(1, 2)).toBe(2)
  })
})
