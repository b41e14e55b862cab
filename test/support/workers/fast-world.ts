import type { World } from '../../../src/base/world.ts'

/**
 * A world in which waiting is five times as fast: deadlines, timeouts and pauses between tries alike. DynamoDB
 * Local is not, so a try has 200 ms instead of a second, which it needs a tenth of.
 */
const FACTOR = 5

export const fastWorld: Partial<World> = {
  ticks: () => performance.now() * FACTOR,
  sleep: (ms) => scheduler.wait(ms / FACTOR),
  timeout: (ms) => AbortSignal.timeout(ms / FACTOR),
}
