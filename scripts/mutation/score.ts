/** Stryker's words for what became of a mutant. `noCoverage`: no test reaches it. */
export type Status = 'killed' | 'timeout' | 'survived' | 'noCoverage'

export type Counts = Record<Status, number>

export const isDetected = (status: Status): boolean => status === 'killed' || status === 'timeout'

const Z = 1.96

/** Wilson's 95% interval of a share that was measured on a random sample. */
export function wilson(detected: number, sampled: number): [low: number, high: number] {
  if (sampled === 0) return [0, 1]
  const share = detected / sampled
  const scale = 1 + Z ** 2 / sampled
  const middle = (share + Z ** 2 / (2 * sampled)) / scale
  const half =
    (Z / scale) * Math.sqrt((share * (1 - share)) / sampled + Z ** 2 / (4 * sampled ** 2))
  return [Math.max(0, middle - half), Math.min(1, middle + half)]
}

export type Stratum = { mutants: number; sampled: number; detected: number }

/** The share of the whole, when each folder has a sample of its own: each counts by its number of mutants. */
export function stratified(strata: Stratum[]): { share: number; low: number; high: number } {
  const total = strata.reduce((sum, { mutants }) => sum + mutants, 0)
  let share = 0
  let variance = 0
  for (const { mutants, sampled, detected } of strata.filter((stratum) => stratum.sampled > 0)) {
    const weight = mutants / total
    const part = detected / sampled
    share += weight * part
    const unseen = (mutants - sampled) / Math.max(1, mutants - 1)
    variance += (weight ** 2 * part * (1 - part) * unseen) / sampled
  }
  const half = Z * Math.sqrt(variance)
  return { share, low: Math.max(0, share - half), high: Math.min(1, share + half) }
}
