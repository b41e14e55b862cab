import { base64url } from 'jose'

/** Base64url without padding (RFC 4648 section 5). */
export const encodeBase64url = (bytes: Uint8Array): string => base64url.encode(bytes)

/** @returns null for padding, foreign characters or stray bits, so that each value has one spelling. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null
  const bytes = base64url.decode(text) as Uint8Array<ArrayBuffer>
  return encodeBase64url(bytes) === text ? bytes : null
}

/** jose accepts padding, spaces and stray bits, which RFC 7515 section 2 does not: a token has one spelling. */
export const isCanonicalJws = (token: string): boolean =>
  token.split('.').every((part) => decodeBase64url(part) !== null)
