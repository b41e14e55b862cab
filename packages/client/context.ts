import type { KeyStore } from './keys.ts'
import type { LatchkeyStorage } from './storage.ts'
import type { Session, SessionRecord } from './session.ts'

export type Fetch = (input: string | Request, init?: RequestInit) => Promise<Response>

export type ClientOptions = {
  /** Where Latchkey answers: `https://auth.latchkey.test`. */
  issuer: string
  storage: LatchkeyStorage
  /** The app's own stable name for this device, 8 to 128 of `A-Za-z0-9._:-`. Without it one is made and kept. */
  deviceId?: string
  /** What the person sees in the list of sessions: `Ada's iPhone`. */
  deviceName?: string
  fetch?: Fetch
  /** The device's key. By default IndexedDB's where there is one, otherwise none; `false` for none. */
  dpop?: KeyStore | false
  /** For React Native, which has no Web Crypto of its own. */
  crypto?: Randomness
  /** Unix milliseconds by this device's clock, which may be wrong. */
  now?: () => number
  sleep?: (ms: number) => Promise<void>
  /** How long one request to the issuer may take. 10,000 by default. */
  timeoutMs?: number
}

export type Randomness = {
  randomBytes: (length: number) => Uint8Array
  sha256: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>
}

/** What all parts of one client share. */
export type ClientContext = Omit<Required<ClientOptions>, 'deviceId' | 'deviceName' | 'dpop'> & {
  deviceId: string | undefined
  deviceName: string | undefined
  keys: KeyStore | null
  /** The server's last nonce, by origin (RFC 9449 section 8.2). */
  nonces: Map<string, string>
  /** The refresh that all callers share. */
  refreshing: Promise<SessionRecord | null> | undefined
  changed: (session: Session | null) => void
  /** Runs what must not mix, one after the other: changes of the session, and sign-ins. */
  inTurn: { session: InTurn; signIn: InTurn }
}

export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

export function newTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
}

export const webRandomness: Randomness = {
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  sha256: async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)),
}
