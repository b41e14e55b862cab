import { CompactSign, type CryptoKey } from 'jose'
import { utf8 } from '../base/encoding.ts'

/**
 * Signs a JWT whose claims are complete (RFC 7519 section 7.1). jose's SignJWT would first copy and check the claims,
 * which takes as long as the HMAC.
 */
export const signJwt = (
  header: { alg: string; kid: string; typ: string },
  claims: object,
  key: CryptoKey | Uint8Array,
): Promise<string> =>
  new CompactSign(utf8(JSON.stringify(claims))).setProtectedHeader(header).sign(key)
