import { bodyText, compose, escaped, pathText, type Pair } from './compose.ts'
import { ENDPOINTS, type Endpoint } from './endpoints.ts'
import type { HostileRequest } from './request.ts'

/** Headers that a Worker reads, or that a proxy or a library in front of it could act on. */
export const HEADERS = [
  'Authorization',
  'Cookie',
  'DPoP',
  'Origin',
  'Content-Type',
  'Content-Encoding',
  'Content-Length',
  'Accept',
  'Accept-Language',
  'User-Agent',
  'Referer',
  'If-Match',
  'If-None-Match',
  'Sec-Fetch-Site',
  'CF-Connecting-IP',
  'CF-Ray',
  'X-Request-Id',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'Forwarded',
  'X-HTTP-Method-Override',
  'X-Original-URL',
  'X-Rewrite-URL',
  'Range',
  'Access-Control-Request-Method',
  'Access-Control-Request-Headers',
  'traceparent',
]

/** One place of a request that can hold any text. */
export type Position = {
  name: string
  endpoint: Endpoint
  put: (caller: string, text: string) => HostileRequest
}

function positionsOf(endpoint: Endpoint): Position[] {
  const { method, template, path, query, body } = endpoint
  const of = (place: string, put: Position['put']): Position => ({
    name: `${endpoint.worker}: ${method} ${template}, ${place}`,
    endpoint,
    put,
  })
  const right = Object.entries(path).map(([name, value]): Pair => [name, escaped(value)])
  const inPath = Object.keys(path).map((name) =>
    of(`path ${name}`, (caller, text) => {
      const values = { ...Object.fromEntries(right), [name]: escaped(text) }
      return compose(endpoint, caller, { path: pathText(template, values) })
    }),
  )
  const inQuery = [...Object.keys(query), 'unknown'].map((name) =>
    of(`query ${name}`, (caller, text) => compose(endpoint, caller, { query: [[name, text]] })),
  )
  const asName = of('name of a parameter', (caller, text) =>
    compose(endpoint, caller, { query: [[text, 'x']] }),
  )
  const inHeader = HEADERS.map((name) =>
    of(`header ${name}`, (caller, text) => compose(endpoint, caller, { headers: [[name, text]] })),
  )
  const members = body?.members ?? {}
  const withMembers = (caller: string, changed: Record<string, unknown>) =>
    compose(endpoint, caller, { body: { text: bodyText(endpoint, changed) } })
  const inBody = Object.keys(members).map((name) =>
    of(`member ${name} as ${body!.type}`, (caller, text) =>
      withMembers(caller, { ...members, [name]: text }),
    ),
  )
  const whole = [
    of('name of a member', (caller, text) => withMembers(caller, { ...members, [text]: 'x' })),
    of('body', (caller, text) => compose(endpoint, caller, { body: { text } })),
  ]
  return [...inPath, ...inQuery, asName, ...inHeader, ...(body ? [...inBody, ...whole] : [])]
}

export const POSITIONS: readonly Position[] = ENDPOINTS.flatMap(positionsOf)
