import { SignJWT } from 'jose'
import { random, sha256 } from './encoding.ts'
import type { SigningKey } from './signing-key.ts'

/** What a test may decide about an access token. All times are Unix seconds. */
export type AccessTokenOptions = {
  /** The user id. By default a new one. */
  sub?: string
  /** `ada@example.com` by default. */
  email?: string
  /** The session id. By default a new one. */
  sid?: string
  /** How the person signed in. `['email']` by default. */
  amr?: ('email' | 'sms' | 'otp')[]
  /** When the person signed in. By default when the token was issued. */
  authTime?: number
  /** The id that the app chose for the device. By default a new one. */
  deviceId?: string
  /** Binds the token to a device's key (RFC 9449). */
  dpop?: { jkt: string }
  /** 600 by default, as ACCESS_TOKEN_TTL_SECONDS. */
  expiresInSeconds?: number
  /** When the token was issued. Now by default. */
  now?: number
  /** Replaces or adds claims. A claim that is `undefined` is left out. */
  claims?: Record<string, unknown>
}

/** What is the same for all tokens of an issuer. */
export type Issuing = { issuer: string; audience: string; clientId: string; now: () => number }

/** The claims of an access token, as Latchkey makes them (RFC 9068 section 2.2). */
export async function accessClaims(
  { issuer, audience, clientId, now: clock }: Issuing,
  options: AccessTokenOptions,
): Promise<Record<string, unknown>> {
  const { now = Math.floor(clock() / 1000), expiresInSeconds = 600, dpop } = options
  const { authTime = now, deviceId = `dev_${random(16)}` } = options
  return {
    iss: issuer,
    aud: [audience, issuer],
    sub: options.sub ?? `usr_${random(16)}`,
    client_id: clientId,
    sid: options.sid ?? `ses_${random(16)}`,
    jti: random(16),
    email: options.email ?? 'ada@example.com',
    amr: options.amr ?? ['email'],
    auth_time: authTime,
    opened_ms: authTime * 1000,
    device_key: (await sha256(deviceId)).slice(0, 12),
    iat: now,
    exp: now + expiresInSeconds,
    ...(dpop === undefined ? {} : { cnf: { jkt: dpop.jkt } }),
    ...options.claims,
  }
}

export const sign = (
  claims: Record<string, unknown>,
  { alg, kid, privateKey }: SigningKey,
  header: Record<string, unknown> = {},
): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg, kid, typ: 'at+jwt', ...header }).sign(privateKey)
