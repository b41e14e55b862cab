import { clientOf, parseParameters } from '../http.ts'
import { OAuthError } from '../problem.ts'
import type { Grant } from '../token/grant.ts'
import { redeemLink, type Refusal } from './redeem.ts'
import { LinkGrant } from './schema.ts'

export const LINK_GRANT = 'urn:latchkey:grant-type:link'

/** The link grant of the token endpoint. */
export const linkGrant: Grant = async (c, parameters, jkt) => {
  const input = parseParameters(LinkGrant, parameters)
  const { log } = c.var.deps
  const redeemed = await redeemLink(c.var.deps, input, {
    deviceId: input.device_id,
    deviceName: input.device_name,
    codeVerifier: input.code_verifier,
    jkt,
    client: clientOf(c),
  })
  if (!redeemed.ok) {
    log.event('link_redeemed', { outcome: 'refused', reason: redeemed.reason })
    throw refusedGrant(redeemed.reason)
  }
  const { userId, sessionId } = redeemed.session
  log.event('link_redeemed', { outcome: 'ok', userId, sessionId })
  return redeemed
}

/** One answer for all who do not hold the verifier (T19); its holder learns why. */
export function refusedGrant(reason: Refusal): OAuthError {
  const description = 'This link or code opens no session.'
  return new OAuthError('invalid_grant', description, reason === 'unknown' ? {} : { reason })
}
