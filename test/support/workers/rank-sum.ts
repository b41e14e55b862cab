/** `z` is about standard normal where both come from one distribution; `auc` is the chance that a left one is longer. */
export type RankSum = { z: number; auc: number }

/**
 * The Mann-Whitney U test of two samples, corrected for ties: the clock here ticks in milliseconds. It looks at
 * ranks alone, so one slow request does not hide or feign a difference, as it does with means.
 */
export function rankSum(left: readonly number[], right: readonly number[]): RankSum {
  const tied = new Map<number, { mine: number; all: number }>()
  for (const [values, mine] of [[left, 1] as const, [right, 0] as const]) {
    for (const value of values) {
      const at = tied.get(value) ?? { mine: 0, all: 0 }
      tied.set(value, { mine: at.mine + mine, all: at.all + 1 })
    }
  }
  const [m, n] = [left.length, right.length]
  let [below, ranks, ties] = [0, 0, 0]
  for (const [, { mine, all }] of [...tied].toSorted(([a], [b]) => a - b)) {
    ranks += mine * (below + (all + 1) / 2)
    ties += all ** 3 - all
    below += all
  }
  const u = ranks - (m * (m + 1)) / 2
  const variance = ((m * n) / 12) * (m + n + 1 - ties / ((m + n) * (m + n - 1)))
  return { z: variance === 0 ? 0 : (u - (m * n) / 2) / Math.sqrt(variance), auc: u / (m * n) }
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1]!
