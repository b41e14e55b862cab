/** The times of each flow for each group of addresses, in microseconds. */
export class Samples {
  readonly #flows = new Map<string, Map<string, number[]>>()
  #window = new Map<string, { group: string; micros: number }[]>()
  /** The median of each window, by flow. */
  readonly #centres = new Map<string, number[]>()

  add(flow: string, group: string, micros: number): void {
    const window = this.#window.get(flow) ?? []
    this.#window.set(flow, window)
    window.push({ group, micros })
  }

  /**
   * Ends a window of time. Each time is stored as its difference to the median of all groups in this window, so that a
   * machine that becomes slower for a while does not hide a difference.
   */
  endWindow(): void {
    for (const [flow, window] of this.#window) {
      const centre = median(window.map(({ micros }) => micros))
      this.#centres.set(flow, [...(this.#centres.get(flow) ?? []), centre])
      const groups = this.#flows.get(flow) ?? new Map<string, number[]>()
      this.#flows.set(flow, groups)
      for (const { group, micros } of window) {
        const values = groups.get(group) ?? []
        groups.set(group, values)
        values.push(micros - centre)
      }
    }
    this.#window.clear()
  }

  flows(): string[] {
    return [...this.#flows.keys()]
  }

  /** The groups of a flow, each sorted. */
  groups(flow: string): Map<string, number[]> {
    const sorted = [...(this.#flows.get(flow) ?? [])].map(
      ([group, values]) => [group, values.toSorted((a, b) => a - b)] as const,
    )
    return new Map(sorted)
  }

  /** The usual time of a flow. */
  median(flow: string): number {
    return median(this.#centres.get(flow) ?? [])
  }
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** The same values in random order. */
export function shuffled<T>(values: readonly T[]): T[] {
  const out = [...values]
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1))
    ;[out[i], out[j]] = [out[j]!, out[i]!]
  }
  return out
}
