/** @throws TypeError for a claim that is missing or of another type (RFC 8725 section 3.12). */
export function readClaims(payload) {
  const text = (name) => {
    const claim = payload[name]
    if (typeof claim !== 'string' || claim === '') throw new TypeError(`${name} is no text`)
    return claim
  }
  const seconds = (name) => {
    const claim = payload[name]
    if (!Number.isSafeInteger(claim) || claim < 0) throw new TypeError(`${name} is no time`)
    return claim
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
function boundTo(cnf) {
  if (cnf === undefined) return undefined
  const { jkt } = Object(cnf)
  if (typeof jkt !== 'string' || jkt === '') throw new TypeError('cnf is not understood')
  return jkt
}
