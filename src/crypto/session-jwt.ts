import { jwtVerify } from 'jose'
import * as z from 'zod/mini'
import { lazily } from '../base/lazily.ts'
import type { Config } from '../base/config.ts'
import { isCanonicalJws } from '../base/encoding.ts'
import { toSeconds, unixMs, unixSeconds, type UnixMs, type UnixSeconds } from '../base/time.ts'
import { bound, confirmation, wholeNumber, type SessionClaims } from './session-claims.ts'
import type { Seals } from './seal.ts'
import { signJwt } from './sign-jwt.ts'

const Claims = lazily(() =>
  z.object({
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
  const header = { alg: 'HS256', kid: String(keyId), typ: 'JWT' }
  return signJwt(header, claims, seals.sessionJwtKey(keyId)!)
}

/** @returns null if forged, expired, of another issuer, or not a session JWT (RFC 8725 section 3.11). */
export async function verifySessionJwt(
  config: Config,
  seals: Seals,
  token: string,
  nowMs: UnixMs,
): Promise<(SessionClaims & { expiresAt: UnixSeconds }) | null> {
  if (!isCanonicalJws(token)) return null
  let claims: z.output<ReturnType<typeof Claims>>
  try {
    const keyOf = ({ kid }: { kid?: string }) => {
      const key = /^\d{1,3}$/.test(kid ?? '') ? seals.sessionJwtKey(Number(kid)) : undefined
      if (key === undefined) throw new Error('no key of the ring')
      return key
    }
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms: ['HS256'],
      issuer: config.ISSUER,
      audience: config.ISSUER,
      typ: 'JWT',
      currentDate: new Date(nowMs),
      requiredClaims: ['iat'],
    })
    claims = Claims().parse(payload)
  } catch {
    return null
  }
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
