/** A `Request`, or the request of Node's http, Express or Fastify. */
export type IncomingRequest = {
  method?: string | undefined
  url?: string | undefined
  /** Express: the whole path. A router removes its own part from `url`. */
  originalUrl?: string | undefined
  headers: Headers | Record<string, string | string[] | undefined>
}

/** An access token, its proof, and the request that contained them. */
export type PresentedToken = {
  scheme: 'Bearer' | 'DPoP'
  token: string
  proof?: string | undefined
  method: string
  /** Without query and fragment. */
  url: string
}

/**
 * Reads the Authorization header (RFC 6750 section 2.1, RFC 9449 section 7.1), and ignores tokens in the query or body.
 * @param origin the origin that callers use. By default the origin in the request's URL.
 * @returns undefined without an Authorization header, null when the header is malformed or of another scheme.
 */
export function readRequest(
  request: IncomingRequest,
  origin: string | undefined,
): PresentedToken | null | undefined {
  const authorization = headerOf(request, 'authorization')
  if (authorization === undefined) return undefined
  // The b64token of RFC 6750. Two headers arrive joined by a comma, which does not match.
  const match = /^(Bearer|DPoP) +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization)
  if (match === null) return null
  return {
    scheme: match[1]!.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer',
    token: match[2]!,
    proof: headerOf(request, 'dpop'),
    method: request.method ?? '',
    url: targetOf(request.originalUrl ?? request.url ?? '', origin),
  }
}

function headerOf({ headers }: IncomingRequest, name: string): string | undefined {
  if (typeof headers.get === 'function') return (headers as Headers).get(name) ?? undefined
  const value = (headers as Record<string, string | string[] | undefined>)[name]
  return Array.isArray(value) ? value.join(', ') : value
}

/** @returns '' if the URL is not known. No proof matches that. */
function targetOf(url: string, origin: string | undefined): string {
  // Node's requests only have the path. Because it is joined to the origin, `//host/path` cannot name another host.
  const absolute = url.startsWith('/') ? (origin ?? '') + url : url
  if (!URL.canParse(absolute)) return ''
  const target = new URL(absolute)
  return (origin ?? target.origin) + target.pathname
}
