import { ask, describePending, pending, resend, type AskOptions, type Pending } from './ask.ts'
import { newTurns, webRandomness, type ClientContext, type ClientOptions } from './context.ts'
import { askIssuer, authorisedFetch } from './fetch.ts'
import { LatchkeyError } from './error.ts'
import { hasIndexedDb, indexedDbKeys } from './indexed-db-keys.ts'
import { redeemCode, redeemLink } from './redeem.ts'
import { freshSession } from './refresh.ts'
import { describe, readSession, type Session } from './session.ts'
import { signOut, signOutEverywhere } from './sign-out.ts'

export type LatchkeyClient = {
  /** Has a link and a code sent. The answer is the same for every address. */
  ask: (options: AskOptions) => Promise<Pending>
  /** Sends the same link and code again. */
  resend: () => Promise<Pending>
  /** What was asked for and still waits, also after a restart. */
  pending: () => Promise<Pending | null>
  /** Signs in with the URL that opened the app, or with the token in it. */
  redeemLink: (urlOrToken: string) => Promise<Session>
  /** Signs in with the six digits of the message. */
  redeemCode: (code: string) => Promise<Session>
  /**
   * Who is signed in, as this device knows it, without a request. `check: true` has the server look: null when it ended
   * the session.
   */
  session: (options?: { check?: boolean }) => Promise<Session | null>
  /** An access token for a request of your own, refreshed when needed; null when nobody is signed in. */
  accessToken: () => Promise<string | null>
  /** `fetch` with the token, and with proofs for a bound session. Only for servers that may see the token. */
  fetch: (input: string | Request, init?: RequestInit) => Promise<Response>
  /** Signs out here at once, then at the server: whether it confirmed. */
  signOut: () => Promise<boolean>
  /** Ends all sessions of the person, or with `keepCurrent` all others. */
  signOutEverywhere: (options?: { keepCurrent?: boolean }) => Promise<void>
  /** Called after each sign-in, and with null after each end. @returns what ends the calls. */
  onChange: (listener: (session: Session | null) => void) => () => void
}

export function createLatchkeyClient(options: ClientOptions): LatchkeyClient {
  const listeners = new Set<(session: Session | null) => void>()
  const ctx: ClientContext = {
    issuer: options.issuer.replace(/\/+$/, ''),
    storage: options.storage,
    deviceId: options.deviceId,
    deviceName: options.deviceName,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    // A key that is gone before the session signs people out: without a place to keep one there is none.
    keys: (options.dpop ?? (hasIndexedDb() && indexedDbKeys())) || null,
    crypto: options.crypto ?? webRandomness,
    now: options.now ?? Date.now,
    sleep: options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
    timeoutMs: options.timeoutMs ?? 10_000,
    nonces: new Map(),
    refreshing: undefined,
    changed(session) {
      for (const listener of listeners) queueMicrotask(() => listener(session))
    },
    inTurn: { session: newTurns(), signIn: newTurns() },
  }
  return {
    ask: (what) => ask(ctx, what),
    resend: () => resend(ctx),
    async pending() {
      const record = await pending(ctx)
      return record && describePending(record)
    },
    redeemLink: (link) => redeemLink(ctx, link),
    redeemCode: (code) => redeemCode(ctx, code),
    async session({ check = false } = {}) {
      if (check && (await readSession(ctx))) {
        await askIssuer(ctx, '/v1/session', 'GET').catch((error: unknown) => {
          if (!(error instanceof LatchkeyError) || error.code !== 'signed_out') throw error
        })
      }
      const record = await readSession(ctx)
      return record && describe(record)
    },
    accessToken: async () => (await freshSession(ctx))?.access_token ?? null,
    fetch: (input, init) => authorisedFetch(ctx, input, init),
    signOut: () => signOut(ctx),
    signOutEverywhere: (which) => signOutEverywhere(ctx, which),
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
