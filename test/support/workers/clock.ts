import { toSeconds, unixMs, type UnixSeconds } from '../../../src/base/time.ts'
import { startLatchkey, type Latchkey } from './latchkey.ts'

/** The time by this Worker's own clock. */
export const nowSeconds = (app: Latchkey): UnixSeconds =>
  toSeconds(unixMs(Date.now() + app.clock.offsetMs))

/** A Worker whose clock stands still until a test moves it. */
export function startFrozen(nowMs: number = Date.now()) {
  const clock = { nowMs }
  return { clock, app: startLatchkey({ world: { now: () => unixMs(clock.nowMs) } }) }
}
