import type { Run } from './run.ts'
import type { Mistake } from './wrong/mistakes.ts'

/** One horror. What of it a runner sees is in README.md. */
export type Case = {
  name: string
  /** What happens to the client. */
  what: string
  /** What the client must do about it. */
  must: string
  /** What the client must say at the end. */
  state: 'signed_in' | 'signed_out'
  /** `POST /v1/token` → the least and the most times that the client may send it. It may send no other request. */
  requests: Record<string, [least: number, most: number]>
  /** Whether sessions of this case are bound to a key of the device. By default it does not matter. */
  keys?: 'bound' | 'unbound'
  /** The client's time limit for one request. 20,000 by default. */
  timeoutMs?: number
  /** Each of these mistakes fails this case (test/torture/wrong-client.test.ts). */
  failedBy: Mistake[]
  play: (run: Run) => Promise<void>
}
