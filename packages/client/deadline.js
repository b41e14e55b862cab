import { LatchkeyError } from './error.ts'
/** A request with its whole answer, or nothing, within the time. @throws LatchkeyError offline. */
export async function withDeadline(ctx, work) {
  const abort = new AbortController()
  let timer
  const late = new Promise((_, reject) => {
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
    clearTimeout(timer)
  }
}
