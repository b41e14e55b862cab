export const utf8 = (text) => Uint8Array.from(new TextEncoder().encode(text))
/** Without padding (RFC 4648 section 5). */
export const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '')
