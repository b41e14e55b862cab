import { base64url } from 'jose'

/** Base64url without padding (RFC 4648 section 5). */
export const encodeBase64url = (bytes: Uint8Array): string => base64url.encode(bytes)

/** Whole groups of four; of a shorter last group, the last character has no bits that stand for nothing. */
const CANONICAL =
  /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?$/

/** @returns null for padding, foreign characters or stray bits, so that each value has one spelling. */
export const decodeBase64url = (text: string): Uint8Array<ArrayBuffer> | null =>
  CANONICAL.test(text) ? (base64url.decode(text) as Uint8Array<ArrayBuffer>) : null

/** jose accepts padding, spaces and stray bits, which RFC 7515 section 2 does not: a token has one spelling. */
export const isCanonicalJws = (token: string): boolean =>
  token.split('.').every((part) => CANONICAL.test(part))
