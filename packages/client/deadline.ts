import type { ClientContext } from './context.ts'
import { LatchkeyError } from './error.ts'

/** Aborts a request if its complete response does not arrive within `timeoutMs`. @throws LatchkeyError `offline`. */
export async function withDeadline<T>(
  ctx: ClientContext,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController()
  let timer: ReturnType<typeof setTimeout>
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new LatchkeyError('offline', { detail: 'no answer in time' }))
      abort.abort()
    }, ctx.timeoutMs)
  })
  try {
    return await Promise.race([work(abort.signal), late])
  } catch (cause) {
    throw cause instanceof LatchkeyError ? cause : new LatchkeyError('offline', { cause })
  } finally {
    clearTimeout(timer!)
  }
}
