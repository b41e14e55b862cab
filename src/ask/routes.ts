import { Problem } from '../http/problem.ts'
import { addressWithinLimit, networkWithinLimit, rateLimited } from '../http/rate-limit.ts'
import { callerOf, readJson } from '../http/read.ts'
import { openRoutes } from '../http/route-group.ts'
import { depsOf, json, type AppContext } from '../http/scope.ts'
import { REQUEST_TTL_SECONDS } from '../model/access-request.ts'
import { openHandle } from '../model/sealed-link.ts'
import { askForLink } from './ask.ts'
import { resendLink } from './resend.ts'
import { AskBody, ResendBody } from './schema.ts'
import { checkHuman } from './turnstile.ts'

/** Anyone may ask: the link goes to the mailbox, and is useless without the verifier of the asking device. */
export const askRoutes = openRoutes()

askRoutes.post('/v1/links', async (c) => {
  const deps = depsOf(c)
  deps.log.event('link_asked')
  const caller = callerOf(c)
  if (!(await networkWithinLimit(deps, caller))) throw rateLimited()
  const input = await readJson(c, AskBody())
  if (!(await addressWithinLimit(deps, caller, input.email))) throw rateLimited()
  // Only browsers send an Origin. Apps cannot show the Turnstile widget.
  if (c.req.header('Origin') !== undefined) {
    await requireHuman(c, input.turnstileToken, caller.ipAddress)
  }
  const asked = await askForLink(deps, input, caller, deps.config.ISSUER)
  if (!asked.ok) throw rateLimited(asked.retryAfterSeconds)
  deps.log.event('link_asked', { outcome: 'accepted', channel: input.channel ?? 'email' })
  const expiresIn = deps.config.LINK_TTL_SECONDS
  return json(
    c,
    {
      handle: asked.handle,
      expiresIn,
      resendAfter: asked.resendAfterSeconds,
      // Sent for every address: it describes the server's configuration and reveals nothing about the address.
      requestExpiresIn: deps.config.ACCESS_REQUESTS === 'on' ? REQUEST_TTL_SECONDS : undefined,
    },
    202,
  )
})

/** The handle proves that the caller asked for this link. */
askRoutes.post('/v1/links/resend', async (c) => {
  const deps = depsOf(c)
  deps.log.event('link_resent')
  const caller = callerOf(c)
  if (!(await networkWithinLimit(deps, caller))) throw rateLimited()
  const { handle } = await readJson(c, ResendBody())
  const link = await openHandle(deps.seals, handle)
  if (link?.email === undefined || link.userId === undefined) {
    const errors = [{ pointer: '#/handle', detail: 'is not a valid link handle' }]
    throw new Problem('invalid_request', { errors })
  }
  const { email, userId } = link
  if (!(await addressWithinLimit(deps, caller, email))) throw rateLimited()
  const ageSeconds = (deps.world.now() - link.createdAtMs) / 1000
  const expiresIn = Math.floor(deps.config.LINK_TTL_SECONDS - ageSeconds)
  if (expiresIn <= 0) throw new Problem('link_expired')
  const resent = await resendLink(deps, { ...link, email, userId }, deps.config.ISSUER)
  if (!resent.ok) throw rateLimited(resent.retryAfterSeconds)
  deps.log.event('link_resent', { outcome: 'accepted', channel: link.flow })
  return json(c, { expiresIn, resendAfter: resent.resendAfterSeconds }, 202)
})

async function requireHuman(
  c: AppContext,
  token: string | undefined,
  ipAddress: string,
): Promise<void> {
  switch (await checkHuman(depsOf(c), token, ipAddress)) {
    case 'passed':
      return
    case 'missing': {
      const errors = [
        { pointer: '#/turnstileToken', detail: 'is required for requests from a browser' },
      ]
      throw new Problem('bot_check_failed', { errors })
    }
    case 'failed':
      throw new Problem('bot_check_failed')
    case 'unavailable':
      throw new Problem('unavailable', { headers: { 'Retry-After': '2' } })
  }
}
