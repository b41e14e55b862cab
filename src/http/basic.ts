import type { AppContext } from './scope.ts'

/**
 * Reads name and secret from HTTP Basic (RFC 7617). Each is form-encoded (RFC 6749 section 2.3.1). Both are empty if
 * the header is absent or malformed.
 */
export function readBasic(c: AppContext): { name: string; secret: string } {
  const header = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(c.req.header('Authorization') ?? '')
  const [name = '', secret = ''] = decode(header?.[1] ?? '')
  return { name, secret }
}

function decode(credentials: string): string[] {
  try {
    const text = atob(credentials)
    const colon = text.indexOf(':')
    const parts = colon < 0 ? [text] : [text.slice(0, colon), text.slice(colon + 1)]
    return parts.map((part) => decodeURIComponent(part.replace(/\+/g, ' ')))
  } catch {
    return []
  }
}
