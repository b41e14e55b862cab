import { CONTROL, LATE_MICROS, lateGroup } from './answers.ts'
import { KINDS } from './people.ts'
import { compare, holm, smallestShift, type Compared } from './rank-sum.ts'
import type { Samples } from './samples.ts'

/** A difference is found when its p-value, corrected for the number of comparisons, is below this. */
export const ALPHA = 0.01

/** Two groups of one flow. `corrected` is the p-value after Holm's correction. */
export type Pair = Compared & {
  flow: string
  left: string
  right: string
  samples: [number, number]
  corrected: number
}

export type Power = {
  flow: string
  /** The usual time of the response, in microseconds. */
  medianMicros: number
  /** The smallest difference that is found with a probability of 90%, in microseconds. */
  smallestMicros: number
  /** Two groups of the same kind: nothing must be found. */
  control: Pair
  /** Groups that were answered late on purpose: what is found of each. */
  late: { micros: number; samples: number; found: boolean; compared: Compared }[]
}

/** Each pair of kinds, in each flow, corrected for the number of pairs. */
export function comparePairs(samples: Samples): Pair[] {
  const names = KINDS.flatMap((left, at) =>
    KINDS.slice(0, at).map((right) => [left, right] as const),
  )
  return corrected(
    samples.flows().flatMap((flow) => {
      const groups = samples.groups(flow)
      return names.map(([left, right]) => pairOf(flow, groups, left, right))
    }),
  )
}

/** Each kind, and the second group of unknown addresses, against unknown addresses. */
export const compareWithUnknown = (samples: Samples): Pair[] =>
  corrected(
    samples.flows().flatMap((flow) => {
      const groups = samples.groups(flow)
      const others = [CONTROL, ...KINDS.filter((kind) => kind !== 'unknown')]
      return others.map((left) => pairOf(flow, groups, left, 'unknown'))
    }),
  )

/** What the comparison of pairs would find. @param pairs how many comparisons share ALPHA. */
export function powerOf(samples: Samples, pairs: number): Power[] {
  const controls = corrected(
    samples.flows().map((flow) => pairOf(flow, samples.groups(flow), CONTROL, 'unknown')),
  )
  const strictest = ALPHA / pairs
  return controls.map((control) => {
    const { flow } = control
    const groups = samples.groups(flow)
    const unknown = groups.get('unknown')!
    const late = LATE_MICROS.flatMap((micros) => {
      const values = groups.get(lateGroup(micros))
      if (values === undefined) return []
      const compared = compare(values, unknown)
      const found = compared.z > 0 && compared.p < strictest
      return { micros, samples: values.length, found, compared }
    })
    return {
      flow,
      medianMicros: samples.median(flow),
      smallestMicros: smallestShift(unknown, strictest),
      control,
      late,
    }
  })
}

function pairOf(
  flow: string,
  groups: Map<string, number[]>,
  leftName: string,
  rightName: string,
): Pair {
  const [left, right] = [groups.get(leftName)!, groups.get(rightName)!]
  const compared = compare(left, right)
  return {
    flow,
    left: leftName,
    right: rightName,
    samples: [left.length, right.length],
    ...compared,
    corrected: compared.p,
  }
}

function corrected(pairs: Pair[]): Pair[] {
  const values = holm(pairs.map(({ p }) => p))
  return pairs.map((pair, index) => ({ ...pair, corrected: values[index]! }))
}
