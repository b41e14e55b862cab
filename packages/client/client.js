import { ask, describePending, pending, resend } from './ask.ts'
import { newTurns, webRandomness } from './context.ts'
import { askIssuer, authorisedFetch } from './fetch.ts'
import { LatchkeyError } from './error.ts'
import { hasIndexedDb, indexedDbKeys } from './indexed-db-keys.ts'
import { redeemCode, redeemLink } from './redeem.ts'
import { freshSession } from './refresh.ts'
import { describe, readSession } from './session.ts'
import { signOut, signOutEverywhere } from './sign-out.ts'
export function createLatchkeyClient(options) {
  const listeners = new Set()
  const ctx = {
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
    timeoutMs: options.timeoutMs ?? 10000,
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
        await askIssuer(ctx, '/v1/session', 'GET').catch((error) => {
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
