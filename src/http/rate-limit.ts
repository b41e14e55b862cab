import type { Caller } from '../base/caller.ts'
import { shortHash } from '../base/encoding.ts'
import type { RateLimit } from '../base/variables.ts'
import { clientNetwork } from './client-network.ts'
import type { Deps } from './deps.ts'
import { Problem } from './problem.ts'

/** The binding counts per minute, so nobody has to wait longer. */
const PERIOD_SECONDS = 60

/**
 * False during a flood from one network (IPv6: /64). Approximate and per location: the exact budgets are conditions.
 */
export const networkWithinLimit = (deps: Deps, caller: Caller): Promise<boolean> =>
  withinLimit(deps.config.LIMIT_BY_IP, clientNetwork(caller.ipAddress))

/** False during a flood from one network for one address. The binding receives a hash of the address. */
export async function addressWithinLimit(
  deps: Deps,
  caller: Caller,
  email: string,
): Promise<boolean> {
  const limit = deps.config.LIMIT_BY_IP_AND_ADDRESS
  if (limit === undefined) return true
  return withinLimit(limit, `${clientNetwork(caller.ipAddress)} ${await shortHash(email, 43)}`)
}

async function withinLimit(limit: RateLimit | undefined, key: string): Promise<boolean> {
  if (limit === undefined) return true
  // If the binding fails, the request passes. The limit only protects the exact budgets behind it from floods.
  const { success } = await limit.limit({ key }).catch(() => ({ success: true }))
  return success
}

export const rateLimited = (retryAfterSeconds = PERIOD_SECONDS): Problem =>
  new Problem('rate_limited', { headers: { 'Retry-After': String(retryAfterSeconds) } })
