import { realWorld, type World } from '../../../src/base/world.ts'
import type { Fault } from './latchkey.ts'

/** How a Worker under test waits: deadlines, timeouts and the pauses between its tries. */
export type Pace = {
  world: Pick<World, 'ticks' | 'sleep' | 'timeout'>
  set: (factor: number) => void
}

/** @param factor how fast time runs until a fault is set. */
export function createPace(factor: number): Pace {
  let [sinceMs, ticksThen] = [performance.now(), 0]
  const ticks = () => ticksThen + (performance.now() - sinceMs) * factor
  return {
    world: {
      ticks,
      sleep: (ms) => realWorld.sleep(ms / factor),
      timeout: (ms) => realWorld.timeout(ms / factor),
    },
    set(next) {
      ;[ticksThen, sinceMs, factor] = [ticks(), performance.now(), next]
    },
  }
}

/** While nothing is broken, a busy machine is no outage: a Worker waits four times as long as in production. */
export const PATIENT = 1 / 4

/**
 * With faults that only make the Worker wait for its own deadlines, nothing is learned from waiting long: where nothing
 * can succeed, time runs five times as fast. Where a later try must succeed, the Worker has more time than in production,
 * unless it first waits for an answer that never comes.
 */
export function paceUnder(faults: readonly Fault[]): number {
  if (faults.every(({ fault }) => fault === 'hideindex')) return PATIENT
  if (faults.some(({ fault }) => fault === 'slow' || fault === 'skew')) return 1
  const endless = faults.some(
    ({ fault, times, probability }) =>
      fault !== 'hideindex' && times === undefined && probability === undefined,
  )
  if (endless) return 5
  return faults.some(({ fault }) => fault.startsWith('hang')) ? 1 : 1 / 2
}
