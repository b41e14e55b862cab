import type { BuildName } from './builds.ts'
import { quantile, ratios } from './stats.ts'
import type { Flow } from './visitors/visitor.ts'

/** What a figure is about. `at` is the delay or the concurrency, where a part measures several. */
export type Subject = {
  measure: string
  unit: string
  build: BuildName
  flow?: Flow | undefined
  at?: number | undefined
}

export type Spread = { median: number; low: number; high: number }

/** The median and the quartiles of all rounds, and how many times Latchkey's figure it is. */
export type Figure = Subject & Spread & { p95: number; rounds: number; ratio?: Spread }

/** Collects one value for each round. */
export class Samples {
  readonly #values = new Map<string, { subject: Subject; values: number[] }>()

  add(subject: Subject, value: number): void {
    const key = keyOf(subject)
    const known = this.#values.get(key) ?? { subject, values: [] }
    known.values.push(value)
    this.#values.set(key, known)
  }

  /** The ratio is that of the medians. Its quartiles are those of the ratios in each round. */
  figures(): Figure[] {
    return [...this.#values.values()].map(({ subject, values }) => {
      const figure = { ...subject, ...spreadOf(values), p95: round(quantile(values, 0.95)) }
      const base = this.#values.get(keyOf({ ...subject, build: 'latchkey' }))?.values
      const all = { ...figure, rounds: values.length }
      if (subject.build === 'latchkey' || base === undefined) return all
      const median = quantile(values, 0.5) / quantile(base, 0.5)
      if (!Number.isFinite(median)) return all
      return { ...all, ratio: { ...spreadOf(ratios(values, base)), median: round(median) } }
    })
  }
}

const keyOf = ({ measure, build, flow, at }: Subject): string =>
  [measure, build, flow, at].join(' ')

function spreadOf(values: readonly number[]): Spread {
  const [low, median, high] = [0.25, 0.5, 0.75].map((p) => round(quantile(values, p)))
  return { median: median!, low: low!, high: high! }
}

/** Four digits say more than the measurement knows. */
const round = (value: number): number => Number(value.toPrecision(4))
