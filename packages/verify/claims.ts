import type { JWTPayload } from 'jose'

/** The claims of an access token (RFC 9068 section 2.2). Times are Unix seconds. */
export type AccessClaims = {
  /** The user id. It never changes, and is the same on every device. */
  sub: string
  /** The session id: one sign-in on one device. */
  sid: string
  email: string
  clientId: string
  /** When the person signed in. Compare it with the current time before a sensitive operation. */
  authTime: number
  /** How the person signed in (`amr` of RFC 8176): `email`, `sms`, `otp`. */
  amr: string[]
  issuedAt: number
  expiresAt: number
  tokenId: string
  /** The thumbprint of the device's key (RFC 7638), if the session is bound to one. */
  jkt?: string
}

/** @throws TypeError for a claim that is missing or has the wrong type (RFC 8725 section 3.12). */
export function readClaims(payload: JWTPayload): AccessClaims {
  const text = (name: string): string => {
    const claim = payload[name]
    if (typeof claim !== 'string' || claim === '')
      throw new TypeError(`${name} is not a non-empty string`)
    return claim
  }
  const seconds = (name: string): number => {
    const claim = payload[name]
    if (!Number.isSafeInteger(claim) || (claim as number) < 0)
      throw new TypeError(`${name} is not a time in Unix seconds`)
    return claim as number
  }
  const amr = payload['amr'] ?? []
  if (!Array.isArray(amr) || !amr.every((one) => typeof one === 'string')) {
    throw new TypeError('amr is not a list of strings')
  }
  const jkt = boundTo(payload['cnf'])
  return {
    sub: text('sub'),
    sid: text('sid'),
    email: text('email'),
    clientId: text('client_id'),
    authTime: seconds('auth_time'),
    amr,
    issuedAt: seconds('iat'),
    expiresAt: seconds('exp'),
    tokenId: text('jti'),
    ...(jkt === undefined ? {} : { jkt }),
  }
}

/** RFC 9449 section 6.1. A `cnf` of another kind cannot be checked here, so such a token is refused. */
function boundTo(cnf: unknown): string | undefined {
  if (cnf === undefined) return undefined
  const { jkt } = Object(cnf) as { jkt?: unknown }
  if (typeof jkt !== 'string' || jkt === '') throw new TypeError('cnf has no jkt')
  return jkt
}
