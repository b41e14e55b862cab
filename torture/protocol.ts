/** What the client says of itself. README.md says what each word means. */
export type State = 'signed_in' | 'asked' | 'requested' | 'signed_out' | 'unknown'

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
  | {
      do: 'kill' | 'mendStorage' | 'backup' | 'restoreBackup' | 'lockKey' | 'unlockKey' | 'loseKey'
    }
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
