/** Between two values it interpolates. @param p 0 to 1. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = p * (sorted.length - 1)
  const [below = Number.NaN, above = below] = sorted.slice(Math.floor(at))
  return below + (above - below) * (at % 1)
}

/** Median and quartiles: `1.02 (0.98–1.05)`. */
export function spread(values: readonly number[], digits: number): string {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((p) => quantile(values, p).toFixed(digits))
  return `${middle} (${low}–${high})`
}

/** Each round's value against another's in the same round. */
export const ratios = (values: readonly number[], base: readonly number[]): number[] =>
  values.map((value, round) => value / base[round]!)

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** @throws when an answer is not what is being measured. */
export async function expectStatus(response: Response, status: number): Promise<Response> {
  if (response.status === status) return response
  throw new Error(`answered ${response.status}: ${await response.text()}`)
}
