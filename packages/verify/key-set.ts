import { createRemoteJWKSet, customFetch, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'

/** Keys older than this are fetched again. The issuer's `Cache-Control` says the same. */
const FRESH_MS = 300_000
/** While the issuer is down, keys up to this age are still used. No access token lives longer than that. */
const STALE_MS = 3_600_000
/** A token with an unknown key causes at most one fetch in this time, so forged tokens cannot flood the issuer. */
const COOLDOWN_MS = 30_000
/** After a failed fetch, there is no further fetch for this long. */
const PAUSE_MS = 5_000
const TIMEOUT_MS = 3_000

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

/** The keys could not be fetched. This says nothing about the token. */
export class KeysUnavailable extends Error {}

/**
 * The issuer's public keys (RFC 7517), cached. They are fetched again when they are old, and at once if a token names
 * an unknown key. While the issuer is down, the cached keys are used.
 * @param now Unix milliseconds.
 */
export function keySet(issuer: string, fetch: Fetch, now: () => number): JWTVerifyGetKey {
  let kept: JSONWebKeySet | undefined
  let loadedAt = -Infinity
  let failedAt = -Infinity
  /** Infinite if the clock was set back, so that the keys are fetched again. */
  const since = (moment: number) => {
    const ms = now() - moment
    return ms < 0 ? Infinity : ms
  }

  async function load(url: string, init: RequestInit): Promise<Response> {
    if (since(loadedAt) < COOLDOWN_MS) return Response.json(kept)
    if (since(failedAt) < PAUSE_MS)
      throw new KeysUnavailable('the last fetch failed, and is not tried again yet')
    try {
      const response = await fetch(url, init)
      const answer: unknown = await response.json()
      const keys = (answer as JSONWebKeySet | null)?.keys
      const whole = Array.isArray(keys) && keys.every((key) => Object(key) === key)
      if (response.status !== 200 || !whole) throw new Error(`HTTP ${response.status}`)
      kept = { keys }
      loadedAt = now()
    } catch (cause) {
      failedAt = now()
      throw new KeysUnavailable(`no keys from ${url}`, { cause })
    }
    return Response.json(kept)
  }

  const remote = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`), {
    // `load` decides both, by `now`.
    cacheMaxAge: Infinity,
    cooldownDuration: 0,
    timeoutDuration: TIMEOUT_MS,
    [customFetch]: load,
  })
  return async (header, token) => {
    if (kept !== undefined && since(loadedAt) > FRESH_MS) {
      await remote.reload().catch((error: unknown) => {
        if (since(loadedAt) > STALE_MS) throw error
      })
    }
    return remote(header, token)
  }
}
