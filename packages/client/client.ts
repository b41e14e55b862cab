import { deleteAccount, exportAccount, type AccountExport } from './account.ts'
import { ask, describePending, pending, resend, type AskOptions, type Pending } from './ask.ts'
import { newLock, webRandomness, type ClientContext, type ClientOptions } from './context.ts'
import { authorisedFetch, callIssuer } from './fetch.ts'
import { LatchkeyError } from './error.ts'
import { hasIndexedDb, indexedDbKeys } from './indexed-db-keys.ts'
import { redeemCode, redeemLink } from './redeem.ts'
import { freshSession } from './refresh.ts'
import { describe, readSession, type Session } from './session.ts'
import { signOut, signOutEverywhere } from './sign-out.ts'

export type LatchkeyClient = {
  /** Asks the server to send a link and a code. The response is the same for every address. */
  ask: (options: AskOptions) => Promise<Pending>
  /** Sends the same link and code again. */
  resend: () => Promise<Pending>
  /** The request for a link that may still open a session, also after a restart. Null if there is none. */
  pending: () => Promise<Pending | null>
  /** Signs in with the URL that opened the app, or with the token in that URL. */
  redeemLink: (urlOrToken: string) => Promise<Session>
  /** Signs in with the six digits of the message. */
  redeemCode: (code: string) => Promise<Session>
  /**
   * The current session from storage, without a request. Null if nobody is signed in. `check: true` also asks the
   * server, and returns null if the server has ended the session.
   */
  session: (options?: { check?: boolean }) => Promise<Session | null>
  /** An access token for your own request, refreshed when needed. Null if nobody is signed in. */
  accessToken: () => Promise<string | null>
  /**
   * `fetch` with the access token, and a DPoP proof if the session is bound. Only call servers that may see the
   * token.
   */
  fetch: (input: string | Request, init?: RequestInit) => Promise<Response>
  /** Signs out on this device at once, then at the server. @returns whether the server confirmed it. */
  signOut: () => Promise<boolean>
  /** Ends all sessions of the person; with `keepCurrent`, all except this one. */
  signOutEverywhere: (options?: { keepCurrent?: boolean }) => Promise<void>
  /**
   * Deletes the person's account at the server, and the session on this device. Throws `sign_in_again` if the sign-in
   * is older than five minutes.
   */
  deleteAccount: () => Promise<void>
  /** Everything that the server stores about the person. */
  exportAccount: () => Promise<AccountExport>
  /**
   * Calls the listener with the session after each sign-in, and with null after each end. @returns a function that
   * unsubscribes.
   */
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
    // A session ends when its key is lost. If there is no place to store a key, the session is not bound to one.
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
    locks: { session: newLock(), pending: newLock(), signIn: newLock() },
  }
  return {
    ask: (what) => ask(ctx, what),
    resend: () => resend(ctx),
    async pending() {
      const record = await pending(ctx)
      return record && describePending(ctx, record)
    },
    redeemLink: (link) => redeemLink(ctx, link),
    redeemCode: (code) => redeemCode(ctx, code),
    async session({ check = false } = {}) {
      if (check && (await readSession(ctx))) {
        await callIssuer(ctx, '/v1/session', 'GET').catch((error: unknown) => {
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
    deleteAccount: () => deleteAccount(ctx),
    exportAccount: () => exportAccount(ctx),
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
