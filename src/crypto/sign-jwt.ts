import { encodeBase64url, utf8 } from '../base/encoding.ts'

/** What Web Crypto wants to know for each `alg` (RFC 7518 section 3.1, RFC 8037 section 3.1). */
export const ALGORITHMS = {
  HS256: 'HMAC',
  RS256: 'RSASSA-PKCS1-v1_5',
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
  EdDSA: 'Ed25519',
}

/**
 * Signs a JWT whose claims are complete (RFC 7515 section 7.1, RFC 7519 section 7.1). jose copies and checks claims, header
 * and key each time, which takes longer than the HMAC.
 * @param key a key for this `alg`: createSigningKeys and createSeals import only such keys.
 */
export async function signJwt(
  header: { alg: keyof typeof ALGORITHMS; kid: string; typ: string },
  claims: object,
  key: CryptoKey,
): Promise<string> {
  const signed = `${encodeJson(header)}.${encodeJson(claims)}`
  const signature = await crypto.subtle.sign(ALGORITHMS[header.alg], key, utf8(signed))
  return `${signed}.${encodeBase64url(new Uint8Array(signature))}`
}

const encodeJson = (value: object): string => encodeBase64url(utf8(JSON.stringify(value)))
