import * as z from 'zod/mini'
import { encodeBase64url, sha256, timingSafeEqualText } from '../base/encoding.ts'
import { lazily } from '../base/lazily.ts'
import { readBasic } from '../http/basic.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { networkWithinLimit, rateLimited } from '../http/rate-limit.ts'
import { callerOf, parseParameters, readOAuthParameters } from '../http/read.ts'
import { openRoutes } from '../http/route-group.ts'
import { json, showTiming, type AppContext } from '../http/scope.ts'
import { SCOPES, type Scope } from './config.ts'
import { consoleDepsOf } from './deps.ts'
import { signMachineToken } from './machine-token.ts'

const Parameters = lazily(() =>
  z.object({ grant_type: z.string(), scope: z.optional(z.string().check(z.maxLength(256))) }),
)

/** Anyone may call it: the credentials in the header prove the right to a token. */
export const machineTokenRoutes = openRoutes('oauth')

/**
 * The client credentials grant (RFC 6749 section 4.4), for machines with a key of CONSOLE_CLIENTS. People use the
 * public Worker's token endpoint, or sign in here in a browser.
 */
machineTokenRoutes.post('/v1/token', async (c) => {
  const deps = consoleDepsOf(c)
  deps.log.event('machine_token_issued', { outcome: 'refused' })
  if (!(await networkWithinLimit(deps, callerOf(c)))) throw rateLimited()
  const { grant_type, scope } = parseParameters(Parameters(), await readOAuthParameters(c))
  if (grant_type !== 'client_credentials') {
    throw new OAuthError('unsupported_grant_type', 'Only client_credentials is supported.')
  }
  const { client, has } = await requireClient(c)
  showTiming(c)
  const scopes = chosenScopes(scope, has)
  const { accessToken, expiresIn } = await signMachineToken(deps, client, scopes)
  deps.log.event('machine_token_issued', { outcome: 'ok', client, scopes })
  return json(c, {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresIn,
    scope: scopes.join(' '),
  })
})

/** HTTP Basic (RFC 6749 section 2.3.1). An unknown name takes the same time as a known one. */
async function requireClient(c: AppContext): Promise<{ client: string; has: readonly Scope[] }> {
  const { config, log } = consoleDepsOf(c)
  const { name, secret } = readBasic(c)
  const known = Object.hasOwn(config.CONSOLE_CLIENTS, name)
    ? config.CONSOLE_CLIENTS[name]
    : undefined
  const hash = encodeBase64url(await sha256(secret))
  const equal = await timingSafeEqualText(hash, known?.secretSha256 ?? 'no such client')
  if (known !== undefined && equal) return { client: name, has: known.scopes }
  log.event('machine_token_issued', { outcome: 'refused', reason: 'invalid_client' })
  throw new OAuthError('invalid_client', 'Valid machine credentials are required.', {
    status: 401,
    headers: { 'WWW-Authenticate': 'Basic realm="console", charset="UTF-8"' },
  })
}

/** All scopes of the key, or only those in the request (RFC 6749 section 3.3). @throws OAuthError invalid_scope. */
function chosenScopes(asked: string | undefined, has: readonly Scope[]): Scope[] {
  if (asked === undefined) return SCOPES.filter((scope) => has.includes(scope))
  const names = asked.split(' ')
  if (!names.every((name) => has.includes(name as Scope))) {
    throw new OAuthError('invalid_scope', 'The key does not have all requested scopes.')
  }
  return SCOPES.filter((scope) => names.includes(scope))
}
