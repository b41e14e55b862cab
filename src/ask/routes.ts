import { Hono } from 'hono/tiny'
import { clientOf, readJson, type AppEnv } from '../http/read.ts'
import { Problem } from '../http/problem.ts'
import { limitAddress, limitNetwork, rateLimited } from '../http/rate-limit.ts'
import { requestLink } from './ask.ts'
import { resendLink } from './resend.ts'
import { RequestLink, ResendLink } from './schema.ts'
import { openHandle } from '../model/sealed-link.ts'
import { requireHuman } from './turnstile.ts'

export const linkRoutes = new Hono<AppEnv>()

linkRoutes.post('/v1/links', async (c) => {
  const { deps } = c.var
  deps.log.event('link_asked')
  const client = clientOf(c)
  await limitNetwork(deps, client)
  const input = await readJson(c, RequestLink)
  await limitAddress(deps, client, input.email)
  // Browsers name their origin; apps have none, and no widget to solve.
  if (c.req.header('Origin') !== undefined) {
    await requireHuman(deps, input.turnstileToken, client.ipAddress)
  }
  const asked = await requestLink(deps, input, client)
  if (!asked.ok) throw rateLimited(asked.retryAfterSeconds)
  deps.log.event('link_asked', { outcome: 'accepted', channel: input.channel })
  const expiresIn = deps.config.LINK_TTL_SECONDS
  return c.json({ handle: asked.handle, expiresIn, resendAfter: asked.resendAfterSeconds }, 202)
})

linkRoutes.post('/v1/links/resend', async (c) => {
  const { deps } = c.var
  deps.log.event('link_resent')
  const client = clientOf(c)
  await limitNetwork(deps, client)
  const { handle } = await readJson(c, ResendLink)
  const link = await openHandle(deps.seals, handle)
  if (link?.email === undefined) {
    const errors = [{ pointer: '#/handle', detail: 'is not a handle of a link' }]
    throw new Problem('invalid_request', { errors })
  }
  await limitAddress(deps, client, link.email)
  const ageSeconds = (deps.world.now() - link.createdAtMs) / 1000
  const expiresIn = Math.floor(deps.config.LINK_TTL_SECONDS - ageSeconds)
  if (expiresIn <= 0) throw new Problem('link_expired')
  const resent = await resendLink(deps, { ...link, email: link.email })
  if (!resent.ok) throw rateLimited(resent.retryAfterSeconds)
  deps.log.event('link_resent', { outcome: 'accepted', channel: link.flow })
  return c.json({ expiresIn, resendAfter: resent.resendAfterSeconds }, 202)
})
