import { clientNetwork } from '../base/email-address.ts'
import type { RateLimit } from '../base/config.ts'
import { encodeBase64url, sha256 } from '../base/encoding.ts'
import type { Client, Deps } from './deps.ts'
import { Problem } from './problem.ts'

/** What the binding counts in, so the longest that a refused caller waits. */
const PERIOD_SECONDS = 60

/** Stops a flood from one network, IPv6 by /64. Approximate and per location: the exact budget is a condition. */
export const limitNetwork = (deps: Deps, client: Client): Promise<void> =>
  stopAbove(deps.config.LIMIT_BY_IP, clientNetwork(client.ipAddress))

/** Stops a flood from one network about one address, which the binding sees only as a hash. */
export async function limitAddress(deps: Deps, client: Client, email: string): Promise<void> {
  const key = `${clientNetwork(client.ipAddress)} ${encodeBase64url(await sha256(email))}`
  await stopAbove(deps.config.LIMIT_BY_IP_AND_ADDRESS, key)
}

async function stopAbove(limit: RateLimit | undefined, key: string): Promise<void> {
  if (limit === undefined) return
  // A binding that fails stops nobody: it is only the rough guard in front of the exact one.
  const { success } = await limit.limit({ key }).catch(() => ({ success: true }))
  if (!success) throw rateLimited(PERIOD_SECONDS)
}

export const rateLimited = (retryAfterSeconds: number): Problem =>
  new Problem('rate_limited', { headers: { 'Retry-After': String(retryAfterSeconds) } })
