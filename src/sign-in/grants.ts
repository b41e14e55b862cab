import { OAuthError } from '../http/oauth-error.ts'
import { rateLimited } from '../http/rate-limit.ts'
import { callerOf, parseParameters } from '../http/read.ts'
import { depsOf, type AppContext } from '../http/scope.ts'
import type { GrantHandler, IssuedSession } from '../http/token-endpoint.ts'
import { redeemCode } from './redeem-code.ts'
import { redeemLink } from './redeem-link.ts'
import { TOLD } from './refusal.ts'
import { CodeParameters, LinkParameters } from './schema.ts'
import type { Device, SignedIn } from './sign-in.ts'

export const LINK_GRANT_TYPE = 'urn:latchkey:grant-type:link'
export const CODE_GRANT_TYPE = 'urn:latchkey:grant-type:code'

export const linkGrant: GrantHandler = async (c, parameters, jkt) => {
  const input = parseParameters(LinkParameters(), parameters)
  const signedIn = await redeemLink(depsOf(c), input, deviceOf(c, input, jkt))
  return issued(c, 'link_redeemed', signedIn)
}

export const codeGrant: GrantHandler = async (c, parameters, jkt) => {
  const input = parseParameters(CodeParameters(), parameters)
  const signedIn = await redeemCode(depsOf(c), input, deviceOf(c, input, jkt))
  return issued(c, 'code_redeemed', signedIn)
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
  caller: callerOf(c),
})

/** @throws OAuthError invalid_grant, the same for every reason that TOLD does not reveal. */
function issued(
  c: AppContext,
  event: 'link_redeemed' | 'code_redeemed',
  signedIn: SignedIn,
): IssuedSession {
  const { log } = depsOf(c)
  if (signedIn.ok) {
    const { userId, sessionId } = signedIn.session
    log.event(event, { outcome: 'ok', userId, sessionId })
    return signedIn
  }
  const { reason } = signedIn
  log.event(event, { outcome: 'refused', reason })
  if (reason === 'rate_limited') throw rateLimited()
  const told = TOLD[reason]
  const description = 'The link or code is not valid.'
  throw new OAuthError('invalid_grant', description, told === null ? {} : { reason: told })
}
