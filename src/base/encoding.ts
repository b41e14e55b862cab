import {
  decodeBase64url,
  encodeBase64url,
  isCanonicalJws,
} from '../../packages/verify/base64url.ts'

// Back ends decode tokens with the same code, so it lives in the package that they install.
export { decodeBase64url, encodeBase64url, isCanonicalJws }

export const utf8 = (text: string): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>

export const fromUtf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

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

/** Equal in time that does not depend on where they differ; unequal lengths are told apart by hashing. */
export async function timingSafeEqualText(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([sha256(a), sha256(b)])
  return crypto.subtle.timingSafeEqual(left, right)
}
