import { Hono } from 'hono/tiny'
import { clientNetwork } from '../address.ts'
import type { RateLimit } from '../config.ts'
import { encodeBase64url, sha256 } from '../crypto/encoding.ts'
import { clientOf, readJson, type AppContext, type AppEnv } from '../http.ts'
import { Problem } from '../problem.ts'
import { requestLink } from './request.ts'
import { resendLink } from './resend.ts'
import { RequestLink, ResendLink } from './schema.ts'
import { openHandle } from './token.ts'
import { requireHuman } from './turnstile.ts'

export const linkRoutes = new Hono<AppEnv>()

/** What the binding counts in, so the longest that a refused caller waits. */
const FLOOD_PERIOD_SECONDS = 60

linkRoutes.post('/v1/links', async (c) => {
  const { deps } = c.var
  deps.log.event('link_asked')
  await limitByIp(c)
  const input = await readJson(c, RequestLink)
  await limitByAddress(c, input.email)
  const client = clientOf(c)
  // Browsers name their origin; apps have none, and no widget to solve.
  if (c.req.header('Origin') !== undefined) {
    await requireHuman(deps, input.turnstileToken, client.ipAddress)
  }
  const asked = await requestLink(deps, input, client)
  if (!asked.ok) throw overBudget(asked.retryAfterSeconds)
  deps.log.event('link_asked', { outcome: 'accepted', channel: input.channel })
  const expiresIn = deps.config.LINK_TTL_SECONDS
  return c.json({ handle: asked.handle, expiresIn, resendAfter: asked.resendAfterSeconds }, 202)
})

linkRoutes.post('/v1/links/resend', async (c) => {
  const { deps } = c.var
  deps.log.event('link_resent')
  await limitByIp(c)
  const { handle } = await readJson(c, ResendLink)
  const link = await openHandle(deps.seals, handle)
  if (link?.email === undefined) {
    const errors = [{ pointer: '#/handle', detail: 'is not a handle of a link' }]
    throw new Problem('invalid_request', { errors })
  }
  await limitByAddress(c, link.email)
  const ageSeconds = (deps.world.now() - link.createdAtMs) / 1000
  const expiresIn = Math.floor(deps.config.LINK_TTL_SECONDS - ageSeconds)
  if (expiresIn <= 0) throw new Problem('link_expired')
  const resent = await resendLink(deps, { ...link, email: link.email })
  if (!resent.ok) throw overBudget(resent.retryAfterSeconds)
  deps.log.event('link_resent', { outcome: 'accepted', channel: link.flow })
  return c.json({ expiresIn, resendAfter: resent.resendAfterSeconds }, 202)
})

const limitByIp = (c: AppContext) =>
  stopFlood(c.var.deps.config.LIMIT_BY_IP, clientNetwork(clientOf(c).ipAddress))

async function limitByAddress(c: AppContext, email: string): Promise<void> {
  const network = clientNetwork(clientOf(c).ipAddress)
  const key = `${network} ${encodeBase64url(await sha256(email))}`
  await stopFlood(c.var.deps.config.LIMIT_BY_IP_AND_ADDRESS, key)
}

/** Approximate and per location (T65): the exact budget is a condition. */
async function stopFlood(limit: RateLimit | undefined, key: string): Promise<void> {
  if (limit === undefined || (await limit.limit({ key })).success) return
  throw overBudget(FLOOD_PERIOD_SECONDS)
}

const overBudget = (retryAfterSeconds: number): Problem =>
  new Problem('rate_limited', { headers: { 'Retry-After': String(retryAfterSeconds) } })
