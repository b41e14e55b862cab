import * as z from 'zod/mini'
import { lazily } from '../base/lazily.ts'
import type { Config } from '../base/config.ts'
import { decodeBase64url, fromUtf8, utf8 } from '../base/encoding.ts'
import { toSeconds, unixMs, unixSeconds, type UnixMs, type UnixSeconds } from '../base/time.ts'
import { bound, confirmation, wholeNumber, type SessionClaims } from './session-claims.ts'
import type { Seals } from './seal.ts'
import { signJwt } from './sign-jwt.ts'

const Claims = lazily(() =>
  z.object({
    iss: z.string(),
    aud: z.string(),
    iat: wholeNumber(),
    nbf: z.optional(wholeNumber()),
    sub: z.string(),
    jti: z.string(),
    email: z.string(),
    did: z.string(),
    device_key: z.string(),
    gen: wholeNumber(),
    amr: z.array(z.enum(['email', 'sms', 'otp'])),
    opened_ms: wholeNumber(),
    exp: wholeNumber(),
    cnf: confirmation(),
  }),
)

/**
 * Signs the session JWT (`typ: JWT`), which is the refresh token. Only Latchkey verifies it, so it is signed with
 * HMAC (HS256). The key is derived from the current sealing key and never published.
 */
export function signSessionJwt(
  config: Config,
  seals: Seals,
  session: SessionClaims,
  expiresAt: UnixSeconds,
  now: UnixSeconds,
): Promise<string> {
  const keyId = seals.currentKeyId
  const claims = {
    iss: config.ISSUER,
    aud: config.ISSUER,
    sub: session.userId,
    jti: session.sessionId,
    gen: session.generation,
    email: session.email,
    did: session.deviceId,
    device_key: session.deviceKey,
    amr: session.amr,
    auth_time: toSeconds(session.openedAtMs),
    opened_ms: session.openedAtMs,
    iat: now,
    exp: expiresAt,
    ...bound(session.jkt),
  }
  const header = { alg: 'HS256', kid: String(keyId), typ: 'JWT' } as const
  return signJwt(header, claims, seals.sessionJwtKey(keyId)!)
}

/** The header that signSessionJwt writes, to the byte: no other algorithm, type or critical header is ever looked at. */
const HEADER = /^\{"alg":"HS256","kid":"(\d{1,3})","typ":"JWT"\}$/

/** @returns null if forged, expired, of another issuer, or not a session JWT (RFC 8725 section 3.11). */
export async function verifySessionJwt(
  config: Config,
  seals: Seals,
  token: string,
  nowMs: UnixMs,
): Promise<(SessionClaims & { expiresAt: UnixSeconds }) | null> {
  const [header, payload, signature, ...more] = token.split('.').map(decodeBase64url)
  if (!header || !payload || !signature || more.length > 0) return null
  const keyId = HEADER.exec(fromUtf8(header))?.[1]
  const key = keyId === undefined ? undefined : seals.sessionJwtKey(Number(keyId))
  if (key === undefined) return null
  const signed = utf8(token.slice(0, token.lastIndexOf('.')))
  if (!(await crypto.subtle.verify('HMAC', key, signature, signed))) return null
  const claims = parseClaims(fromUtf8(payload))
  const now = toSeconds(nowMs)
  if (claims === null || claims.exp <= now || (claims.nbf ?? 0) > now) return null
  if (claims.iss !== config.ISSUER || claims.aud !== config.ISSUER) return null
  return {
    sessionId: claims.jti,
    userId: claims.sub,
    email: claims.email,
    deviceId: claims.did,
    deviceKey: claims.device_key,
    generation: claims.gen,
    amr: claims.amr,
    openedAtMs: unixMs(claims.opened_ms),
    jkt: claims.cnf?.jkt,
    expiresAt: unixSeconds(claims.exp),
  }
}

function parseClaims(payload: string): z.output<ReturnType<typeof Claims>> | null {
  try {
    return Claims().parse(JSON.parse(payload))
  } catch {
    return null
  }
}
