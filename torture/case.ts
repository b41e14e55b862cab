import type { Run } from './run.ts'
import type { Mistake } from './wrong-client.ts'

export type State = 'signed_in' | 'asked' | 'requested' | 'signed_out' | 'unknown'

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
  /** The client's time limit for one request. 4,000 by default. */
  timeoutMs?: number
  /** Each of these mistakes fails this case (test/torture/wrong-client.test.ts). */
  failedBy: Mistake[]
  play: (run: Run) => Promise<void>
}

/** One thing that the client under test does, or that happens to it. README.md has them all. */
export type Step = (
  | { do: 'ask'; email: string }
  | { do: 'resend' | 'accessToken' | 'signOut' }
  | { do: 'redeemLink'; url: string }
  | { do: 'redeemCode'; code: string }
  | { do: 'fetch'; url: string; method: string; body?: string }
  | { do: 'session'; check?: boolean }
  | { do: 'signOutEverywhere'; keepCurrent?: boolean }
  | { do: 'join'; name: string }
  | { do: 'advanceClock'; seconds: number }
  | { do: 'breakStorage'; what: 'reads' | 'writes' }
  | { do: 'kill' | 'mendStorage' | 'backup' | 'restoreBackup' | 'lockKey' | 'unlockKey' | 'loseKey' }
) & { background?: string; client?: number; dies?: { at: number; done: boolean } }

export type Outcome = {
  result?: unknown
  error?: string
  reason?: string
  retryAfterSeconds?: number
  state?: State
  storedBytes?: number
  sleptMs?: number
}
