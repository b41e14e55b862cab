/** What the kit says of a run to the Worker, with each request (`X-Torture`). */
export type RunSettings = {
  issuer: string
  /** How far the run's time is ahead of the real time. */
  aheadMs: number
  ring: Ring
}

/** The keys of the Worker: the first ones, new ones beside them, or new ones alone. */
export type Ring = 'first' | 'rotated' | 'replaced'
