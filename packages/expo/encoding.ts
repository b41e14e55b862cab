/** Reads base64 and base64url, with or without padding (RFC 4648 sections 4 and 5). */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(
    atob(text.replace(/-/g, '+').replace(/_/g, '/').replace(/[=\s]/g, '')),
    (character) => character.charCodeAt(0),
  )

/** Without padding (RFC 4648 section 5). */
export const toBase64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '')
