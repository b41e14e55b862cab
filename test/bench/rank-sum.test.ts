import { describe, expect, it } from 'vitest'
import { compare, holm, smallestShift } from '../../bench/timing/rank-sum.ts'

/** Times as a Worker's: most near 500 µs, some much longer. */
const times = (count: number, slowerBy = 0): number[] =>
  Array.from({ length: count }, () => 500 + slowerBy - 80 * Math.log(1 - Math.random())).toSorted(
    (a, b) => a - b,
  )

describe('compares two samples by rank', () => {
  it('agrees with SciPy where values are tied', () => {
    // scipy.stats.mannwhitneyu(left, right, use_continuity=False, method='asymptotic') has U = 6, p = 0.169265.
    const { auc, z, p } = compare([1, 2, 2, 3, 7], [2, 4, 5, 6, 8])
    expect(auc).toBe(6 / 25)
    expect(z).toBeCloseTo(-1.374569, 5)
    expect(p).toBeCloseTo(0.169265, 5)
  })

  it('finds nothing where all values are equal, and everything where none is', () => {
    expect(compare([1, 1, 1], [1, 1, 1])).toMatchObject({ z: 0, auc: 0.5 })
    expect(compare([1, 2, 3], [4, 5, 6]).auc).toBe(0)
    expect(compare([4, 5, 6], [1, 2, 3]).auc).toBe(1)
  })

  it('finds a shift of 10 µs in 2 × 20,000 values, and measures it', () => {
    const { p, shift, low, high } = compare(times(20_000, 10), times(20_000))
    expect(p).toBeLessThan(1e-9)
    expect(shift).toBeGreaterThan(5)
    expect(shift).toBeLessThan(15)
    expect([low < shift, shift < high]).toEqual([true, true])
  })

  it('is not misled by a few very slow requests', () => {
    const slow = [...times(2000), ...Array<number>(5).fill(1_000_000)]
    expect(compare(slow, times(2000)).p).toBeGreaterThan(1e-5)
  })
})

describe('knows what it would find', () => {
  it('says a smallest shift that it finds in about 90% of tries', () => {
    const alpha = 0.01
    const shift = smallestShift(times(1000), alpha)
    const tries = 200
    let found = 0
    for (let n = 0; n < tries; n++) {
      if (compare(times(1000, shift), times(1000)).p < alpha) found++
    }
    // 200 tries vary by 0.02, and the estimate from 1000 values by more.
    expect(found / tries).toBeGreaterThan(0.7)
    expect(found / tries).toBeLessThan(0.995)
  })

  it('needs a larger shift with fewer values', () => {
    expect(smallestShift(times(500), 0.01)).toBeGreaterThan(2 * smallestShift(times(8000), 0.01))
  })
})

describe('corrects p-values for their number', () => {
  it("by Holm's method", () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06])
    expect(holm([0.5, 0.9])).toEqual([1, 1])
    expect(holm([])).toEqual([])
  })

  it('so that 60 comparisons of one distribution seldom differ', () => {
    let runs = 0
    for (let run = 0; run < 20; run++) {
      const values = Array.from({ length: 60 }, () => compare(times(100), times(100)).p)
      if (Math.min(...holm(values)) < 0.001) runs++
    }
    expect(runs).toBeLessThan(3)
  })
})
