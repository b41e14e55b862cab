import { base64url } from 'jose'

/** Base64url without padding (RFC 4648 section 5). */
export const encodeBase64url = (bytes: Uint8Array): string => base64url.encode(bytes)

/** Groups of four characters. In a shorter last group, the unused bits of the last character are zero. */
const CANONICAL =
  /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?$/

/**
 * @returns null for padding, other characters, or unused bits that are not zero, so that each value has only one
 *   encoding.
 */
export const decodeBase64url = (text: string): Uint8Array<ArrayBuffer> | null =>
  CANONICAL.test(text) ? (base64url.decode(text) as Uint8Array<ArrayBuffer>) : null

/** jose accepts padding, spaces and unused bits that are not zero. RFC 7515 section 2 does not allow them. */
export const isCanonicalJws = (token: string): boolean =>
  token.split('.').every((part) => CANONICAL.test(part))
