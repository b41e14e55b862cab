import { jwtVerify } from 'jose'
import * as z from 'zod/mini'
import { encodeBase64url, isCanonicalJws } from '../base/encoding.ts'
import { lazily } from '../base/lazily.ts'
import { toSeconds } from '../base/time.ts'
import { signJwt } from '../crypto/sign-jwt.ts'
import type { Machine } from './actor.ts'
import { SCOPES, type Scope } from './config.ts'
import type { ConsoleDeps } from './deps.ts'

/** Short, so that a machine requests tokens often. */
const TTL_SECONDS = 300

const Claims = lazily(() => z.object({ client_id: z.string(), scope: z.string() }))

/**
 * The access token of a machine (RFC 9068, for the client credentials grant: `sub` is the client). Issuer and
 * audience are the console's origin, so neither the public Worker nor an app's API accepts it.
 */
export async function signMachineToken(
  { config, keys, world }: ConsoleDeps,
  client: string,
  scopes: readonly Scope[],
): Promise<{ accessToken: string; expiresIn: number }> {
  const now = toSeconds(world.now())
  const { key, kid, alg } = keys.signing(now)
  const claims = {
    iss: config.CONSOLE_ORIGIN,
    aud: config.CONSOLE_ORIGIN,
    sub: client,
    client_id: client,
    scope: scopes.join(' '),
    jti: encodeBase64url(world.randomBytes(16)),
    iat: now,
    exp: now + TTL_SECONDS,
  }
  return {
    accessToken: await signJwt({ alg, kid, typ: 'at+jwt' }, claims, key),
    expiresIn: TTL_SECONDS,
  }
}

/**
 * Verifies a machine's access token. It is refused if its key is no longer in CONSOLE_CLIENTS, and it loses the
 * scopes that its key has lost.
 * @returns null if forged, expired or of another kind.
 */
export async function readMachineToken(
  { config, keys, world }: ConsoleDeps,
  token: string,
): Promise<Machine | null> {
  if (!isCanonicalJws(token)) return null
  try {
    const { payload } = await jwtVerify(token, keys.verifying, {
      algorithms: keys.algorithms,
      issuer: config.CONSOLE_ORIGIN,
      audience: config.CONSOLE_ORIGIN,
      typ: 'at+jwt',
      currentDate: new Date(world.now()),
      requiredClaims: ['exp', 'iat', 'sub'],
    })
    const { client_id: client, scope } = Claims().parse(payload)
    if (!Object.hasOwn(config.CONSOLE_CLIENTS, client)) return null
    const has = config.CONSOLE_CLIENTS[client]!.scopes
    const given = scope.split(' ')
    const scopes = SCOPES.filter((one) => given.includes(one) && has.includes(one))
    return { kind: 'machine', name: `client:${client}`, scopes }
  } catch {
    return null
  }
}
