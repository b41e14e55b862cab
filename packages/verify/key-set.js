import { createRemoteJWKSet, customFetch } from 'jose'
/** How old the keys may get before they are asked for again: what the issuer says of its JWKS. */
const FRESH_MS = 300000
/** How old they may get while the issuer does not answer. No access token lives longer than that. */
const STALE_MS = 3600000
/** A key that is not among them has them asked for again, this often at most: forged tokens cause no flood. */
const COOLDOWN_MS = 30000
/** An issuer that just failed is left alone for so long. */
const PAUSE_MS = 5000
const TIMEOUT_MS = 3000
/** The keys could not be had: about the issuer or the network, never about a token. */
export class KeysUnavailable extends Error {}
/**
 * The issuer's public keys (RFC 7517), kept: fetched again when they have aged, and at once for a key that is new. While
 * the issuer is down the kept ones go on.
 */
export function keySet(issuer, fetch, now) {
  let kept
  let loadedAt = -Infinity
  let failedAt = -Infinity
  /** A clock that was set back must not stop the time here. */
  const since = (moment) => {
    const ms = now() - moment
    return ms < 0 ? Infinity : ms
  }
  async function load(url, init) {
    if (since(loadedAt) < COOLDOWN_MS) return Response.json(kept)
    if (since(failedAt) < PAUSE_MS) throw new KeysUnavailable('the issuer failed just now')
    try {
      const response = await fetch(url, init)
      const answer = await response.json()
      const keys = answer?.keys
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
    // Both are judged here, by the clock that was given.
    cacheMaxAge: Infinity,
    cooldownDuration: 0,
    timeoutDuration: TIMEOUT_MS,
    [customFetch]: load,
  })
  return async (header, token) => {
    if (kept !== undefined && since(loadedAt) > FRESH_MS) {
      await remote.reload().catch((error) => {
        if (since(loadedAt) > STALE_MS) throw error
      })
    }
    return remote(header, token)
  }
}
