import type { KeyStore } from './keys.ts'
import type { LatchkeyStorage } from './storage.ts'
import type { Session, SessionRecord } from './session.ts'

export type Fetch = (input: string | Request, init?: RequestInit) => Promise<Response>

export type ClientOptions = {
  /** Latchkey's origin: `https://auth.example.com`. */
  issuer: string
  storage: LatchkeyStorage
  /**
   * The app's own id for this device, 8 to 128 characters of `A-Za-z0-9._:-`. By default, the client makes and stores
   * one.
   */
  deviceId?: string
  /** Shown in the person's list of sessions: `Ada's iPhone`. */
  deviceName?: string
  fetch?: Fetch
  /**
   * The device's key, for DPoP. The default is a key in IndexedDB if that exists, otherwise no key. `false`: no key.
   */
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

/** State that all functions of one client share. */
export type ClientContext = Omit<Required<ClientOptions>, 'deviceId' | 'deviceName' | 'dpop'> & {
  deviceId: string | undefined
  deviceName: string | undefined
  keys: KeyStore | null
  /** Origin → the last nonce from its server (RFC 9449 section 8.2). */
  nonces: Map<string, string>
  /** The refresh in progress: all callers wait for the same one. */
  refreshing: Promise<SessionRecord | null> | undefined
  changed: (session: Session | null) => void
  /** One at a time: changes of the stored session, changes of the pending request, and sign-ins. */
  locks: { session: Lock; pending: Lock; signIn: Lock }
}

/** Runs `work` after all earlier work has ended. */
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
