import { base64url } from 'jose'

export const utf8 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(new TextEncoder().encode(text))

export const sha256 = async (text: string): Promise<string> =>
  base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))))

/** @param length in bytes. */
export const random = (length: number): string =>
  base64url.encode(crypto.getRandomValues(new Uint8Array(length)))

export const encodeJson = (value: object): string => base64url.encode(JSON.stringify(value))
