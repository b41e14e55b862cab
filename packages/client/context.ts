import type { KeyStore } from './keys.ts'
import type { LatchkeyStorage } from './storage.ts'
import type { Session, SessionRecord } from './session.ts'

export type Fetch = (input: string | Request, init?: RequestInit) => Promise<Response>

export type ClientOptions = {
  /** Latchkey's origin: `https://auth.example.com`. */
  issuer: string
  storage: LatchkeyStorage
  /** The app's own id for this device, 8 to 128 of `A-Za-z0-9._:-`. By default the client makes one and stores it. */
  deviceId?: string
  /** Shown in the person's list of sessions: `Ada's iPhone`. */
  deviceName?: string
  fetch?: Fetch
  /** The device's key, for DPoP. By default a key in IndexedDB where that exists, otherwise none. `false`: none. */
  dpop?: KeyStore | false
  /** For React Native, which has no Web Crypto. */
  crypto?: Randomness
  /** Unix milliseconds by this device's clock, which may be wrong. `Date.now` by default. */
  now?: () => number
  sleep?: (ms: number) => Promise<void>
  /** The time limit for one request to the issuer. 10,000 by default. */
  timeoutMs?: number
}

export type Randomness = {
  randomBytes: (length: number) => Uint8Array
  sha256: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>
}

/** What all functions of one client share. */
export type ClientContext = Omit<Required<ClientOptions>, 'deviceId' | 'deviceName' | 'dpop'> & {
  deviceId: string | undefined
  deviceName: string | undefined
  keys: KeyStore | null
  /** Origin → the last nonce that its server sent (RFC 9449 section 8.2). */
  nonces: Map<string, string>
  /** The refresh that is on its way: all callers wait for the same one. */
  refreshing: Promise<SessionRecord | null> | undefined
  changed: (session: Session | null) => void
  /** One change of the stored session at a time, and one sign-in at a time. */
  locks: { session: Lock; signIn: Lock }
}

/** Runs `work` when all work before it has ended. */
export type Lock = <T>(work: () => Promise<T>) => Promise<T>

export function newLock(): Lock {
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
