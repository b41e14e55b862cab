import { jwtVerify, SignJWT, type JWTPayload } from 'jose'
import * as z from 'zod/mini'
import type { Config } from '../base/config.ts'
import { toSeconds, type World } from '../base/world.ts'
import { encodeBase64url, isCanonicalJws } from '../base/encoding.ts'
import type { Keys } from './keys.ts'

/** How a person signed in: the `amr` of both tokens (RFC 8176 names `sms` and `otp`). */
export type Amr = 'email' | 'sms' | 'otp'

/** What both tokens say about one session. */
export type SessionClaims = {
  sessionId: string
  userId: string
  email: string
  deviceId: string
  generation: number
  amr: Amr[]
  /** Unix milliseconds: `auth_time` in seconds, and whole for what is held against a person's guard. */
  openedAtMs: number
  /** The DPoP key's thumbprint (RFC 7638), when the session is bound to one. */
  jkt?: string | undefined
}

const numericDate = () => z.int().check(z.nonnegative())
const SessionJwt = z.lazy(() =>
  z.object({
    sub: z.string(),
    jti: z.string(),
    email: z.string(),
    did: z.string(),
    gen: z.int().check(z.nonnegative()),
    amr: z.array(z.enum(['email', 'sms', 'otp'])),
    auth_time: numericDate(),
    opened_ms: numericDate(),
    iat: numericDate(),
    exp: numericDate(),
    cnf: z.optional(z.object({ jkt: z.string() })),
  }),
)
const AccessToken = z.lazy(() =>
  z.object({
    sub: z.string(),
    sid: z.string(),
    jti: z.string(),
    email: z.string(),
    aud: z.array(z.string()),
    client_id: z.string(),
    auth_time: numericDate(),
    opened_ms: numericDate(),
    iat: numericDate(),
    exp: numericDate(),
    cnf: z.optional(z.object({ jkt: z.string() })),
  }),
)
export type AccessClaims = z.output<typeof AccessToken>

const bound = (jkt: string | undefined) => (jkt === undefined ? {} : { cnf: { jkt } })

function sign(keys: Keys, payload: JWTPayload, typ: string, nowSeconds: number): Promise<string> {
  const { key, kid, alg } = keys.signing(nowSeconds)
  return new SignJWT({ ...payload, iat: nowSeconds })
    .setProtectedHeader({ alg, kid, typ })
    .sign(key)
}

/** The session JWT (`typ: JWT`): the refresh credential, good at this issuer alone. `exp` in Unix seconds. */
export function signSessionJwt(
  config: Config,
  keys: Keys,
  session: SessionClaims,
  expiresAt: number,
  nowSeconds: number,
): Promise<string> {
  const payload = {
    iss: config.ISSUER,
    aud: config.ISSUER,
    sub: session.userId,
    jti: session.sessionId,
    gen: session.generation,
    email: session.email,
    did: session.deviceId,
    amr: session.amr,
    auth_time: toSeconds(session.openedAtMs),
    opened_ms: session.openedAtMs,
    exp: expiresAt,
    ...bound(session.jkt),
  }
  return sign(keys, payload, 'JWT', nowSeconds)
}

/** The access token (RFC 9068, `typ: at+jwt`): for the app's API, and for this issuer's own routes. */
export async function signAccessToken(
  config: Config,
  keys: Keys,
  world: World,
  session: SessionClaims,
  sessionExpiresAt: number,
  nowSeconds: number,
): Promise<{ accessToken: string; expiresIn: number }> {
  const expiresIn = Math.min(config.ACCESS_TOKEN_TTL_SECONDS, sessionExpiresAt - nowSeconds)
  const payload = {
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
    exp: nowSeconds + expiresIn,
    ...bound(session.jkt),
  }
  return { accessToken: await sign(keys, payload, 'at+jwt', nowSeconds), expiresIn }
}

async function verify<T extends z.ZodMiniType>(
  config: Config,
  keys: Keys,
  token: string,
  typ: string,
  claims: T,
  nowMs: number,
): Promise<z.output<T> | null> {
  if (!isCanonicalJws(token)) return null
  try {
    const { payload } = await jwtVerify(token, keys.verifying, {
      algorithms: keys.algorithms,
      issuer: config.ISSUER,
      audience: config.ISSUER,
      typ,
      currentDate: new Date(nowMs),
      requiredClaims: ['iss', 'aud', 'sub', 'exp', 'iat'],
    })
    return claims.parse(payload)
  } catch {
    return null
  }
}

/** @returns null when forged, expired, of another issuer, or no session JWT (RFC 8725 section 3.11). */
export async function verifySessionJwt(
  config: Config,
  keys: Keys,
  token: string,
  nowMs: number,
): Promise<(SessionClaims & { expiresAt: number }) | null> {
  const claims = await verify(config, keys, token, 'JWT', SessionJwt, nowMs)
  return (
    claims && {
      sessionId: claims.jti,
      userId: claims.sub,
      email: claims.email,
      deviceId: claims.did,
      generation: claims.gen,
      amr: claims.amr,
      openedAtMs: claims.opened_ms,
      jkt: claims.cnf?.jkt,
      expiresAt: claims.exp,
    }
  )
}

/** Verifies an access token (RFC 9068 section 4). @returns null when forged, expired or of another type. */
export function verifyAccessToken(
  config: Config,
  keys: Keys,
  token: string,
  nowMs: number,
): Promise<AccessClaims | null> {
  return verify(config, keys, token, 'at+jwt', AccessToken, nowMs)
}
