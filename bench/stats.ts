/** The quantile, interpolated between two values. @param p 0 to 1. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = p * (sorted.length - 1)
  const [below = Number.NaN, above = below] = sorted.slice(Math.floor(at))
  return below + (above - below) * (at % 1)
}

/** The ratio of the two values of each round. */
export const ratios = (values: readonly number[], base: readonly number[]): number[] =>
  values.map((value, round) => value / base[round]!)

/**
 * How many calls, each `delayMs` long, followed one after another: a call that starts when another has ended is a new
 * round trip. @param starts in milliseconds.
 */
export function roundTrips(starts: readonly number[], delayMs: number): number {
  let trips = 0
  let endsAt = -Infinity
  for (const start of starts.toSorted((a, b) => a - b)) {
    if (start < endsAt) continue
    trips++
    endsAt = start + delayMs
  }
  return trips
}

/** @returns the milliseconds that the work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
