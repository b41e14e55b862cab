import type { ClientContext } from './context.ts'
import { LatchkeyError, type ErrorCode } from './error.ts'

const TRIES = 4
const FIRST_WAIT_MS = 300
const LONGEST_WAIT_MS = 5000

/**
 * Tries up to four times, with exponential backoff. It throws if the server asks for a pause of more than five
 * seconds, because the app should decide about such a wait.
 * @param retryOn the error codes after which another try is safe.
 */
export async function retry<T>(
  ctx: ClientContext,
  work: () => Promise<T>,
  retryOn: readonly ErrorCode[] = ['offline', 'unavailable'],
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof LatchkeyError) || !retryOn.includes(error.code)) throw error
      const backoffMs = FIRST_WAIT_MS * 2 ** (tried - 1) * (0.5 + Math.random())
      const waitMs = Math.max(backoffMs, (error.retryAfterSeconds ?? 0) * 1000)
      if (tried === TRIES || waitMs > LONGEST_WAIT_MS) throw error
      await ctx.sleep(waitMs)
    }
  }
}
