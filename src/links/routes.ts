import { Hono } from 'hono/tiny'
import { clientNetwork } from '../address.ts'
import type { RateLimit } from '../config.ts'
import { encodeBase64url, sha256 } from '../crypto/encoding.ts'
import { clientOf, readJson, type AppContext, type AppEnv } from '../http.ts'
import { Problem } from '../problem.ts'
import { SEND_COOLDOWN_SECONDS } from '../users/store.ts'
import { requestLink } from './request.ts'
import { RequestLink } from './schema.ts'

export const linkRoutes = new Hono<AppEnv>()

/** What the binding counts in, so the longest that a refused caller waits. */
const FLOOD_PERIOD_SECONDS = 60

linkRoutes.post('/v1/links', async (c) => {
  const { deps } = c.var
  deps.log.event('link_asked')
  const client = clientOf(c)
  const network = clientNetwork(client.ipAddress)
  await stopFlood(c, deps.config.LIMIT_BY_IP, network)
  const input = await readJson(c, RequestLink)
  const addressHash = encodeBase64url(await sha256(input.email))
  await stopFlood(c, deps.config.LIMIT_BY_IP_AND_ADDRESS, `${network} ${addressHash}`)
  const asked = await requestLink(deps, input, client)
  if (!asked.ok) throw overBudget(c, asked.retryAfterSeconds)
  deps.log.event('link_asked', { outcome: 'accepted', channel: input.channel })
  return c.json(
    {
      handle: asked.handle,
      expiresIn: deps.config.LINK_TTL_SECONDS,
      resendAfter: SEND_COOLDOWN_SECONDS,
    },
    202,
  )
})

/** Approximate and per location (T65): the exact budget is a condition. */
async function stopFlood(c: AppContext, limit: RateLimit | undefined, key: string): Promise<void> {
  if (limit === undefined || (await limit.limit({ key })).success) return
  throw overBudget(c, FLOOD_PERIOD_SECONDS)
}

function overBudget(c: AppContext, retryAfterSeconds: number): Problem {
  c.var.deps.log.event('link_asked', { outcome: 'over_budget' })
  return new Problem('rate_limited', { headers: { 'Retry-After': String(retryAfterSeconds) } })
}
