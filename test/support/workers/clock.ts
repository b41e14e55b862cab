import { toSeconds, unixMs, type UnixSeconds } from '../../../src/base/time.ts'
import type { Latchkey } from './latchkey.ts'

/** The time by this Worker's own clock. */
export const nowSeconds = (app: Latchkey): UnixSeconds =>
  toSeconds(unixMs(Date.now() + app.clock.offsetMs))
