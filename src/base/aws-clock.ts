import type { World } from './world.ts'

/**
 * AWS refuses a signature that is five minutes off. If the difference is below one minute, the clock is not the
 * cause.
 */
const SKEW_TOLERANCE_MS = 60_000

/** The difference between this clock and AWS's. Create one per isolate. */
export type AwsClock = {
  /** What to add to this clock to get AWS's, in milliseconds. */
  offsetMs: () => number
  /**
   * Adopts the time of an AWS response that refused a signature or a token because of its time.
   * @param date the `Date` header. @param usedMs the offset of the refused request.
   * @returns whether AWS's time differs from the one that the refused request used.
   */
  correct: (date: string | null, usedMs: number) => boolean
}

export function createAwsClock(world: World): AwsClock {
  let offsetMs = 0
  return {
    offsetMs: () => offsetMs,
    correct(date, usedMs) {
      const awsMs = Date.parse(date ?? '')
      if (Number.isNaN(awsMs)) return false
      const measuredMs = awsMs - world.now()
      if (Math.abs(measuredMs - usedMs) < SKEW_TOLERANCE_MS) return false
      offsetMs = measuredMs
      return true
    },
  }
}
