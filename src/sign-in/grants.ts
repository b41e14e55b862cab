import { clientOf, parseParameters, type AppContext } from '../http/read.ts'
import { OAuthError } from '../http/problem.ts'
import type { Grant, Granted } from '../http/grant.ts'
import { redeemCode } from './redeem-code.ts'
import { redeemLink, type Device, type Redeemed } from './sign-in.ts'
import { CodeGrant, LinkGrant } from '../ask/schema.ts'

export const LINK_GRANT = 'urn:latchkey:grant-type:link'
export const CODE_GRANT = 'urn:latchkey:grant-type:code'

export const linkGrant: Grant = async (c, parameters, jkt) => {
  const input = parseParameters(LinkGrant, parameters)
  const redeemed = await redeemLink(c.var.deps, input, deviceOf(c, input, jkt))
  return granted(c, 'link_redeemed', redeemed)
}

export const codeGrant: Grant = async (c, parameters, jkt) => {
  const input = parseParameters(CodeGrant, parameters)
  const redeemed = await redeemCode(c.var.deps, input, deviceOf(c, input, jkt))
  return granted(c, 'code_redeemed', redeemed)
}

const deviceOf = (
  c: AppContext,
  input: { device_id: string; device_name?: string | undefined; code_verifier: string },
  jkt: string | undefined,
): Device => ({
  deviceId: input.device_id,
  deviceName: input.device_name,
  codeVerifier: input.code_verifier,
  jkt,
  client: clientOf(c),
})

/** One refusal for all who have not proved to hold the verifier (T19); its holder learns why. */
function granted(
  c: AppContext,
  event: 'link_redeemed' | 'code_redeemed',
  redeemed: Redeemed,
): Granted {
  const { log } = c.var.deps
  if (redeemed.ok) {
    const { userId, sessionId } = redeemed.session
    log.event(event, { outcome: 'ok', userId, sessionId })
    return redeemed
  }
  const { reason } = redeemed
  log.event(event, { outcome: 'refused', reason })
  const description = 'This link or code opens no session.'
  throw new OAuthError('invalid_grant', description, reason === 'unknown' ? {} : { reason })
}
