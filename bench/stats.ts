/** The quantile, interpolated between two values. @param p 0 to 1. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = p * (sorted.length - 1)
  const [below = Number.NaN, above = below] = sorted.slice(Math.floor(at))
  return below + (above - below) * (at % 1)
}

/** The median and the quartiles, as `1.02 (0.98–1.05)`. */
export function spread(values: readonly number[], digits: number): string {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((p) => quantile(values, p).toFixed(digits))
  return `${middle} (${low}–${high})`
}

/** The ratio of the two values of each round. */
export const ratios = (values: readonly number[], base: readonly number[]): number[] =>
  values.map((value, round) => value / base[round]!)

/** @returns the milliseconds that the work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** @throws if a response has another status: its time must not be counted. */
export async function expectStatus(response: Response, status: number): Promise<Response> {
  if (response.status === status) return response
  throw new Error(`answered ${response.status}: ${await response.text()}`)
}
