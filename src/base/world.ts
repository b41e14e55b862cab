import { unixMs, type UnixMs } from './time.ts'

/** What a decision must not reach for by itself: time, randomness, waiting and the network. */
export type World = {
  /** Wall clock: what rows and tokens are judged by. */
  now: () => UnixMs
  /** Milliseconds from some fixed point: what deadlines are measured by. */
  ticks: () => number
  /** Cryptographically secure random bytes. */
  randomBytes: (length: number) => Uint8Array<ArrayBuffer>
  /** Uniform in [0, 1): retry jitter only, never a secret. */
  jitter: () => number
  sleep: (ms: number) => Promise<void>
  /** Aborts after so many milliseconds. */
  timeout: (ms: number) => AbortSignal
  fetch: (url: string, init: RequestInit) => Promise<Response>
}

export const realWorld: World = {
  now: () => unixMs(Date.now()),
  ticks: () => performance.now(),
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  jitter: () => Math.random(),
  sleep: (ms) => scheduler.wait(ms),
  timeout: (ms) => AbortSignal.timeout(ms),
  fetch: (url, init) => fetch(url, init),
}
