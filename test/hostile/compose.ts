import type { Endpoint } from './endpoints.ts'
import { CALLERS } from './people.ts'
import type { HostileBody, HostileRequest } from './request.ts'

export type Pair = [name: string, value: string]

/** Puts text into a URL or a form. `‹name›` stays: what it stands for needs no escape there. */
export const escaped = (text: string): string =>
  text
    .split(/(‹[\w-]+›)/)
    .map((part, i) => (i % 2 === 1 ? part : encodeURIComponent(part.toWellFormed())))
    .join('')

export const pairsText = (pairs: readonly Pair[]): string =>
  pairs.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&')

/** A number that only the run knows stands in JSON without quotes. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value).replaceAll('"‹soon›"', '‹soon›')

export const pathText = (template: string, values: Record<string, string>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'x')

const CONTENT_TYPES = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  csv: 'text/csv',
}

export const contentTypeOf = ({ body }: Endpoint): string | null =>
  body === undefined ? null : CONTENT_TYPES[body.type]

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '')

/** The body with these members, in the endpoint's own media type. */
export function bodyText({ body }: Endpoint, members: Record<string, unknown>): string {
  if (body?.type === 'json') return jsonText(members)
  if (body?.type === 'csv') return textOf(members['file'])
  return pairsText(Object.entries(members).map(([name, value]): Pair => [name, textOf(value)]))
}

export type Parts = {
  method?: string
  /** The whole path, if it is not the template's. */
  path?: string
  query?: readonly Pair[]
  /** After the caller's own headers. */
  headers?: readonly Pair[]
  /** Null: none. */
  body?: HostileBody | null
  contentType?: string | null
}

/** Routes with which callers end their own access. */
const ENDS_ACCESS = /^\/(?:sign-out|v1\/(?:sessions|account))/

/** Who ends their own access does so with a session that is there for this, so that the others live on. */
const callerHeaders = ({ method, template, worker }: Endpoint, caller: string): Pair[] =>
  CALLERS[worker][caller]!.headers.map(([name, value]): Pair => {
    if (method === 'GET' || !ENDS_ACCESS.test(template)) return [name, value]
    return [
      name,
      value.replace('‹access›', '‹spare-access›').replace(/‹.*-cookie›/, '‹spare-cookie›'),
    ]
  })

/** A request to an endpoint: all is right but for the given parts. */
export function compose(endpoint: Endpoint, caller: string, parts: Parts = {}): HostileRequest {
  const values = Object.entries(endpoint.path).map(([name, value]) => [name, escaped(value)])
  const {
    method = endpoint.method,
    path = pathText(endpoint.template, Object.fromEntries(values) as Record<string, string>),
    query = [],
    headers = [],
    body = endpoint.body ? { text: bodyText(endpoint, endpoint.body.members) } : null,
    contentType = contentTypeOf(endpoint),
  } = parts
  const type: Pair[] = body === null || contentType === null ? [] : [['Content-Type', contentType]]
  const asked = query.length === 0 ? '' : `?${pairsText(query)}`
  return {
    worker: endpoint.worker,
    caller,
    method,
    path: path + asked,
    headers: [...callerHeaders(endpoint, caller), ...type, ...headers],
    ...(body === null || method === 'GET' || method === 'HEAD' ? {} : { body }),
  }
}
