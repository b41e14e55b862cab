import { unixMs, type UnixMs } from './time.ts'

/** What code that decides must get as an argument: time, randomness, waiting and the network. */
export type World = {
  /** Wall clock, for comparison with rows and tokens. */
  now: () => UnixMs
  /** Milliseconds since a fixed point, for deadlines. */
  ticks: () => number
  /** Cryptographically secure random bytes. */
  randomBytes: (length: number) => Uint8Array<ArrayBuffer>
  /** Uniform in [0, 1). For retry jitter only, never for secrets. */
  jitter: () => number
  sleep: (ms: number) => Promise<void>
  /** Aborts after this many milliseconds. */
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
