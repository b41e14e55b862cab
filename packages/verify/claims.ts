import type { JWTPayload } from 'jose'

/** Who calls, as the access token says it (RFC 9068 section 2.2). Times in Unix seconds. */
export type AccessClaims = {
  /** The person's id: the same on every device, forever. */
  sub: string
  /** The session's id: one sign-in on one device. */
  sid: string
  email: string
  clientId: string
  /** When the person signed in. Compare it before what is sensitive. */
  authTime: number
  /** How: `email`, `sms`, `otp`. */
  amr: string[]
  issuedAt: number
  expiresAt: number
  tokenId: string
  /** Thumbprint of the device's key, for a session that is bound to one. */
  jkt?: string
}

/** @throws TypeError for a claim that is missing or of another type (RFC 8725 section 3.12). */
export function readClaims(payload: JWTPayload): AccessClaims {
  const text = (name: string): string => {
    const claim = payload[name]
    if (typeof claim !== 'string' || claim === '') throw new TypeError(`${name} is no text`)
    return claim
  }
  const seconds = (name: string): number => {
    const claim = payload[name]
    if (!Number.isSafeInteger(claim) || (claim as number) < 0)
      throw new TypeError(`${name} is no time`)
    return claim as number
  }
  const amr = payload['amr'] ?? []
  if (!Array.isArray(amr) || !amr.every((one) => typeof one === 'string')) {
    throw new TypeError('amr is no list of texts')
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

/** RFC 9449 section 6.1. A confirmation of another kind is not understood here, so the token is not taken. */
function boundTo(cnf: unknown): string | undefined {
  if (cnf === undefined) return undefined
  const { jkt } = Object(cnf) as { jkt?: unknown }
  if (typeof jkt !== 'string' || jkt === '') throw new TypeError('cnf is not understood')
  return jkt
}
