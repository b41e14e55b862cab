/**
 * What a request presents (RFC 6750 section 2.1, RFC 9449 section 7.1): the header alone, never the query or a body.
 * @param origin as callers see this back end; without it, that of the request's own URL.
 * @returns undefined when it has no Authorization header, null when it is of no use.
 */
export function readRequest(request, origin) {
  const authorization = headerOf(request, 'authorization')
  if (authorization === undefined) return undefined
  // The b64token of RFC 6750: two headers arrive joined by a comma, and do not match.
  const match = /^(Bearer|DPoP) +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization)
  if (match === null) return null
  return {
    scheme: match[1].toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer',
    token: match[2],
    proof: headerOf(request, 'dpop'),
    method: request.method ?? '',
    url: targetOf(request.originalUrl ?? request.url ?? '', origin),
  }
}
function headerOf({ headers }, name) {
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}
/** Empty when it cannot be told: then no proof is good for it. */
function targetOf(url, origin) {
  // Node has the path alone; `//host/path` in it must not become another host.
  const absolute = url.startsWith('/') ? (origin ?? '') + url : url
  if (!URL.canParse(absolute)) return ''
  const target = new URL(absolute)
  return (origin ?? target.origin) + target.pathname
}
