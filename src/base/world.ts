/** What a decision must not reach for by itself: time, randomness, waiting and the network. */
export type World = {
  /** Wall clock, Unix milliseconds: what rows and tokens are judged by. */
  now: () => number
  /** Milliseconds from some fixed point: what deadlines are measured by. */
  ticks: () => number
  /** Cryptographically secure random bytes. */
  randomBytes: (length: number) => Uint8Array<ArrayBuffer>
  /** Uniform in [0, 1): retry jitter only, never a secret. */
  jitter: () => number
  sleep: (ms: number) => Promise<void>
  fetch: (request: Request) => Promise<Response>
}

export const realWorld: World = {
  now: () => Date.now(),
  ticks: () => performance.now(),
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  jitter: () => Math.random(),
  sleep: (ms) => scheduler.wait(ms),
  fetch: (request) => fetch(request),
}

/** Unix seconds, the unit of the schema's `createdAt`, `usedAt` and `expiresAt`. */
export const toSeconds = (ms: number): number => Math.floor(ms / 1000)
