import { jwtVerify } from 'jose'
import * as z from 'zod/mini'
import { lazily } from '../base/lazily.ts'
import type { Config } from '../base/config.ts'
import { encodeBase64url, isCanonicalJws } from '../base/encoding.ts'
import { toSeconds, type UnixMs, type UnixSeconds } from '../base/time.ts'
import type { World } from '../base/world.ts'
import { bound, confirmation, wholeNumber, type SessionClaims } from './session-claims.ts'
import { signJwt } from './sign-jwt.ts'
import type { SigningKeys } from './signing-keys.ts'

const Claims = lazily(() =>
  z.object({
    sub: z.string(),
    sid: z.string(),
    jti: z.string(),
    email: z.string(),
    aud: z.array(z.string()),
    client_id: z.string(),
    device_key: z.string(),
    auth_time: wholeNumber(),
    opened_ms: wholeNumber(),
    iat: wholeNumber(),
    exp: wholeNumber(),
    cnf: confirmation(),
  }),
)
export type AccessTokenClaims = z.output<ReturnType<typeof Claims>>

/** The access token (RFC 9068, `typ: at+jwt`): for the app's API, and for this issuer's own routes. */
export async function signAccessToken(
  config: Config,
  keys: SigningKeys,
  world: World,
  session: SessionClaims,
  sessionExpiresAt: UnixSeconds,
  now: UnixSeconds,
): Promise<{ accessToken: string; expiresIn: number }> {
  const expiresIn = Math.min(config.ACCESS_TOKEN_TTL_SECONDS, sessionExpiresAt - now)
  const { key, kid, alg } = keys.signing(now)
  const claims = {
    iss: config.ISSUER,
    aud: [config.AUDIENCE, config.ISSUER],
    sub: session.userId,
    client_id: config.APP_SCHEME,
    sid: session.sessionId,
    jti: encodeBase64url(world.randomBytes(16)),
    email: session.email,
    amr: session.amr,
    auth_time: toSeconds(session.openedAtMs),
    opened_ms: session.openedAtMs,
    device_key: session.deviceKey,
    iat: now,
    exp: now + expiresIn,
    ...bound(session.jkt),
  }
  return { accessToken: await signJwt({ alg, kid, typ: 'at+jwt' }, claims, key), expiresIn }
}

/**
 * Verifies an access token (RFC 9068 section 4). If an ES256 signature (r, s) is valid, so is (r, n - s), so one
 * token has two texts. A list of tokens must therefore hold `jti` or `sid` values, never a hash of the text. Latchkey
 * stores none of them.
 * @returns null if forged, expired or of another type.
 */
export async function verifyAccessToken(
  config: Config,
  keys: SigningKeys,
  token: string,
  nowMs: UnixMs,
): Promise<AccessTokenClaims | null> {
  if (!isCanonicalJws(token)) return null
  try {
    const { payload } = await jwtVerify(token, keys.verifying, {
      algorithms: keys.algorithms,
      issuer: config.ISSUER,
      audience: config.ISSUER,
      typ: 'at+jwt',
      currentDate: new Date(nowMs),
    })
    return Claims().parse(payload)
  } catch {
    return null
  }
}
