import {
  decodeBase64url,
  encodeBase64url,
  isCanonicalJws,
} from '../../packages/verify/base64url.ts'

// Back ends decode tokens with the same code, so it is in the package that they install.
export { decodeBase64url, encodeBase64url, isCanonicalJws }

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export const utf8 = (text: string): Uint8Array<ArrayBuffer> =>
  encoder.encode(text) as Uint8Array<ArrayBuffer>

export const fromUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes)

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    out.set(part, offset)
    offset += part.length
  }
  return out
}

export async function sha256(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text)))
}

/** The first `length` base64url characters of the SHA-256 of a text; 22 of them are 132 bits. */
export const shortHash = async (text: string, length: number): Promise<string> =>
  encodeBase64url(await sha256(text)).slice(0, length)

/** S256 of RFC 7636 section 4.2. */
export const codeChallengeOf = async (codeVerifier: string): Promise<string> =>
  encodeBase64url(await sha256(codeVerifier))

/** Compares the hashes of two texts, so that the time does not reveal where the texts differ. */
export async function timingSafeEqualText(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([sha256(a), sha256(b)])
  return crypto.subtle.timingSafeEqual(left, right)
}
