import { PAGE_ROUTES } from '../../src/console/app.ts'
import { OPERATIONS, resolve, type Json } from './document.ts'
import type { HostileRequest } from './request.ts'

/** Where hostile text can go: a route, with a value that is right for each of its parameters and members. */
export type Endpoint = {
  worker: HostileRequest['worker']
  method: string
  /** With `{name}` for each parameter. */
  template: string
  path: Record<string, string>
  query: Record<string, string>
  headers: string[]
  body: { type: BodyType; members: Record<string, unknown> } | undefined
  /** Without a page, the document describes the answers. */
  page: boolean
}
export type BodyType = 'json' | 'form' | 'csv'

/** Right values, by the name of the parameter or member. */
const RIGHT: Record<string, unknown> = {
  email: '‹new-email›',
  codeChallenge: '‹challenge›',
  channel: 'email',
  phoneNumber: '+14155551234',
  dashboardId: 'dsh_1',
  deviceName: 'Phone',
  device_name: 'Phone',
  locale: 'de',
  turnstileToken: 'x',
  handle: '‹handle›',
  link_token: '‹link›',
  code_verifier: '‹verifier›',
  device_id: '‹device›',
  code: '‹code›',
  refresh_token: '‹refresh›',
  scope: 'approvals:read',
  company: 'Acme Corp',
  reason: 'Enterprise trial',
  notes: 'One line\nand another',
  expiresAt: '‹soon›',
  days: 30,
  approval: false,
  keep: 'current',
  cursor: '‹cursor›',
  q: 'acme',
  state: 'active',
  sort: 'email',
  order: 'asc',
  limit: '10',
  dryRun: 'true',
  fromLine: '1',
  person: '‹guest›',
  id: '‹session›',
  file: 'email,reason',
  // Fields of the console's pages.
  end: '30',
  until: '',
  etag: '‹etag›',
  userId: '‹user›',
  again: '‹guest›',
  opened: '2',
  sooner: 'yes',
  already: 'yes',
  return: '/approvals',
  why: 'stale',
  resent: '',
  done: 'approved',
  who: '‹guest›',
  text: 'email,reason',
  lines: '2',
  created: '1',
  refused: '1',
}
/** Where the name alone does not say it. */
const RIGHT_AT: Record<string, Record<string, unknown>> = {
  'POST /v1/token': { token: '‹link›' },
  'POST /v1/revoke': { token: '‹ended-access›' },
  'POST /v1/introspect': { token: '‹spare-access›' },
  'GET /link/{token}': { token: '‹link›' },
  'POST /link': { token: '‹link›' },
  'GET /v1/why': { email: '‹guest›' },
  'POST /v1/approvals': { email: '‹some-guest›' },
  'POST /approvals': { email: '‹some-guest›' },
}

/** Fields of the forms on the console's pages, and parameters of their queries. */
const FIELDS: Record<string, string[]> = {
  'POST /sign-in': ['email', 'return', 'why'],
  'POST /sign-in/code': ['code'],
  'POST /sign-in/resend': [],
  'POST /link': ['token'],
  'POST /sign-out': [],
  'POST /requests/{email}/approve': ['end', 'until', 'company', 'reason', 'cursor', 'already'],
  'POST /requests/{email}/decline': ['reason', 'cursor'],
  'POST /approvals': ['email', 'company', 'reason', 'notes', 'phoneNumber', 'end', 'until'],
  'POST /approvals/import': ['file', 'text', 'fromLine', 'lines', 'created', 'refused'],
  'POST /approvals/{email}/extend': ['etag', 'end', 'until', 'opened', 'sooner'],
  'POST /approvals/{email}/change': ['etag', 'company', 'reason', 'notes', 'phoneNumber', 'opened'],
  'POST /approvals/{email}/restore': ['etag', 'end', 'until', 'opened'],
  'POST /approvals/{email}/withdraw': ['etag', 'reason'],
  'POST /people/{person}/sessions/{id}/end': ['reason', 'userId'],
  'POST /people/{person}/end': ['reason', 'userId'],
  'POST /people/{person}/allow-mail': ['reason', 'userId'],
  'POST /people/{person}/erase': ['reason', 'userId', 'again', 'approval'],
}
const QUERIES: Record<string, string[]> = {
  'GET /sign-in': ['return', 'why'],
  'GET /sign-in/code': ['resent'],
  'GET /requests': ['cursor', 'done', 'who'],
  'GET /approvals': ['state', 'q', 'sort', 'order', 'cursor', 'limit'],
  'GET /approvals/new': ['email'],
  'GET /approvals/{email}': ['done', 'end', 'until'],
  'GET /people': ['q', 'done'],
  'GET /people/{person}': ['cursor', 'done'],
}

const rightFor = (name: string, key: string, inPath = false): unknown =>
  RIGHT_AT[key]?.[name] ?? (inPath && name === 'email' ? '‹guest›' : (RIGHT[name] ?? 'x'))

const among = (names: string[], key: string, inPath = false): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, String(rightFor(name, key, inPath))]))

const parametersOf = (template: string) =>
  [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)

/** The members of each kind of body that a schema allows. */
function bodiesOf(
  worker: Endpoint['worker'],
  key: string,
  schema: Json,
): Record<string, unknown>[] {
  const resolved = resolve(worker, schema)
  const choices = resolved['oneOf'] as Json[] | undefined
  if (choices) return choices.flatMap((choice) => bodiesOf(worker, key, choice))
  const properties = (resolved['properties'] ?? {}) as Record<string, { const?: unknown }>
  const members = Object.entries(properties).map(([name, property]) => [
    name,
    property.const ?? rightFor(name, key),
  ])
  return [Object.fromEntries(members) as Record<string, unknown>]
}

const BODY_TYPES: Record<string, BodyType> = {
  'application/json': 'json',
  'application/x-www-form-urlencoded': 'form',
  'text/csv': 'csv',
}

const documented: Endpoint[] = (['public', 'console'] as const).flatMap((worker) =>
  OPERATIONS[worker].flatMap(({ method, template, parameters, bodies }): Endpoint[] => {
    const key = `${method} ${template}`
    const named = (place: string) =>
      parameters.filter((one) => one.in === place).map(({ name }) => name)
    const endpoint = {
      worker,
      method,
      template,
      path: among(parametersOf(template), key, true),
      query: among(named('query'), key),
      headers: named('header'),
      page: false,
    }
    const all = Object.entries(bodies).flatMap(
      ([type, schema]): NonNullable<Endpoint['body']>[] => {
        const bodyType = BODY_TYPES[type]!
        if (bodyType === 'csv') return [{ type: bodyType, members: { file: '' } }]
        return bodiesOf(worker, key, schema).map((members) => ({ type: bodyType, members }))
      },
    )
    return all.length === 0
      ? [{ ...endpoint, body: undefined }]
      : all.map((body) => ({ ...endpoint, body }))
  }),
)

const pages: Endpoint[] = PAGE_ROUTES.map(({ method, path }) => {
  const template = path.replace('/*', '/{token}').replace(/:(\w+)/g, '{$1}')
  const key = `${method} ${template}`
  const fields = FIELDS[key]
  if (method === 'POST' && fields === undefined) throw new Error(`FIELDS does not have ${key}`)
  return {
    worker: 'console' as const,
    method,
    template,
    path: among(parametersOf(template), key, true),
    query: among(QUERIES[key] ?? [], key),
    headers: [],
    body: fields && { type: 'form' as const, members: among(fields, key) },
    page: true,
  }
})

export const ENDPOINTS: readonly Endpoint[] = [...documented, ...pages]
