import { realWorld, type World } from '../../../src/base/world.ts'
import type { Fault } from './latchkey.ts'

/** How a Worker under test waits: deadlines, timeouts and the pauses between its tries. */
export type Pace = {
  world: Pick<World, 'ticks' | 'sleep' | 'timeout'>
  /** @param afterTimeout how fast time runs as soon as a timeout that starts from now on has passed. */
  set: (factor: number, afterTimeout?: number) => void
}

/** @param factor how fast time runs until it is set. */
export function createPace(factor: number): Pace {
  let [sinceMs, ticksThen] = [performance.now(), 0]
  let slowDown: (() => void) | undefined
  const ticks = () => ticksThen + (performance.now() - sinceMs) * factor
  function run(next: number) {
    ;[ticksThen, sinceMs, factor] = [ticks(), performance.now(), next]
  }
  return {
    world: {
      ticks,
      sleep: (ms) => realWorld.sleep(ms / factor),
      timeout(ms) {
        const signal = realWorld.timeout(ms / factor)
        if (slowDown !== undefined) signal.addEventListener('abort', slowDown, { once: true })
        return signal
      },
    },
    set(next, afterTimeout) {
      const listener = () => {
        if (afterTimeout !== undefined && slowDown === listener) run(afterTimeout)
      }
      slowDown = listener
      run(next)
    },
  }
}

/** While nothing is broken, a busy machine is no outage: a Worker waits four times as long as in production. */
export const PATIENT = 1 / 4

/**
 * The arguments for Pace.set. With faults that only make the Worker wait for its own deadlines, nothing is learned from
 * waiting long: where nothing can succeed, time runs five times as fast. Where a later try must succeed, the Worker has
 * more time than in production; if it must first wait for a response that never comes, it gets that time afterwards.
 */
export function paceUnder(faults: readonly Fault[]): [factor: number, afterTimeout?: number] {
  if (faults.every(({ fault }) => fault === 'hideindex')) return [PATIENT]
  if (faults.some(({ fault }) => fault === 'slow' || fault === 'skew')) return [1]
  const endless = faults.some(
    ({ fault, times, probability }) =>
      fault !== 'hideindex' && times === undefined && probability === undefined,
  )
  if (endless) return [5]
  return faults.some(({ fault }) => fault.startsWith('hang')) ? [1, PATIENT] : [1 / 2]
}
