/**
 * Two samples, compared by ranks (Mann-Whitney U). A few very slow requests neither hide nor feign a difference, as
 * they would in a comparison of means. Both samples are sorted.
 */
export type Compared = {
  /** About standard normal if both samples come from one distribution. */
  z: number
  /** Two-sided. */
  p: number
  /** The chance that a value of the left sample is greater than one of the right: 0.5 if they are alike. */
  auc: number
  /** By how much the left values are greater (Hodges-Lehmann), with the limits of its 95% confidence interval. */
  shift: number
  low: number
  high: number
}

export function compare(left: readonly number[], right: readonly number[]): Compared {
  const auc = aucAt(left, right, 0)
  const deviation = deviationOf(left, right)
  const tied = deviation * Math.sqrt(1 - tieShare(left, right))
  const z = tied === 0 ? 0 : (auc - 0.5) / tied
  const [low, shift, high] = [0.5 + 1.96 * deviation, 0.5, 0.5 - 1.96 * deviation].map((target) =>
    shiftWhere(left, right, target),
  ) as [number, number, number]
  return { z, p: twoSided(z), auc, shift, low, high }
}

/**
 * The smallest shift that a comparison of two such samples finds with a probability of 90%.
 * @param alpha the level at which a difference counts as found.
 */
export function smallestShift(sample: readonly number[], alpha: number): number {
  const target = 0.5 + (quantileOf(alpha) + NINETY_PERCENT) * deviationOf(sample, sample)
  return target >= 1 ? Infinity : -shiftWhere(sample, sample, target)
}

/**
 * The p-values, corrected for their number by Holm's method: a corrected one below `alpha` comes by chance in fewer
 * than that share of runs, whichever of them it is.
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p)
  const corrected = Array<number>(values.length)
  let most = 0
  for (const [rank, { p, index }] of order.entries()) {
    most = Math.max(most, Math.min(1, p * (values.length - rank)))
    corrected[index] = most
  }
  return corrected
}

/** The standard normal quantile of 0.9. */
const NINETY_PERCENT = 1.2816

/** The share of pairs in which the left value is greater after it was lowered by `shift`. A tie counts half. */
function aucAt(left: readonly number[], right: readonly number[], shift: number): number {
  let [below, notAbove, wins] = [0, 0, 0]
  for (const value of left) {
    while (below < right.length && right[below]! < value - shift) below++
    while (notAbove < right.length && right[notAbove]! <= value - shift) notAbove++
    wins += (below + notAbove) / 2
  }
  return wins / (left.length * right.length)
}

/** The shift of the left sample at which `aucAt` has this value. */
function shiftWhere(left: readonly number[], right: readonly number[], target: number): number {
  let [low, high] = [left[0]! - right.at(-1)!, left.at(-1)! - right[0]!]
  for (let tries = 0; tries < 60; tries++) {
    const middle = (low + high) / 2
    if (aucAt(left, right, middle) > target) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The standard deviation of the AUC of two samples of one distribution. */
const deviationOf = ({ length: m }: readonly number[], { length: n }: readonly number[]): number =>
  Math.sqrt((m + n + 1) / (12 * m * n))

/** By which share ties lower the variance. */
function tieShare(left: readonly number[], right: readonly number[]): number {
  const all = [...left, ...right].toSorted((a, b) => a - b)
  let [ties, run] = [0, 1]
  for (let i = 1; i <= all.length; i++) {
    if (all[i] === all[i - 1]) run++
    else {
      ties += run ** 3 - run
      run = 1
    }
  }
  return ties / (all.length ** 3 - all.length)
}

/** Complementary error function by Chebyshev fitting (Numerical Recipes, 6.2): relative error below 1.2e-7. */
function twoSided(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + x / 2)
  const series = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398,
    1.48851587, -0.82215223, 0.17087277,
  ]
  return t * Math.exp(series.reduceRight((sum, term) => sum * t + term, 0) - x * x)
}

/** The z whose two-sided p-value this is. */
function quantileOf(p: number): number {
  let [low, high] = [0, 40]
  for (let tries = 0; tries < 60; tries++) {
    const middle = (low + high) / 2
    if (twoSided(middle) > p) low = middle
    else high = middle
  }
  return (low + high) / 2
}
