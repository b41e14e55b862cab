import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Plain, run } from '../fail.ts'
import { consolePaths, consoleResponses } from './console-paths.ts'
import { consoleSchemas } from './console-schemas.ts'
import { paths, responses } from './paths.ts'
import { schemas, type JsonSchema } from './schemas.ts'
import { ROUTES } from '../../src/app.ts'
import { CONSOLE_ROUTES } from '../../src/console/app.ts'
import type { Route } from '../../src/http/route-group.ts'

/** One document for each Worker: they have hosts, callers and errors of their own. */
export type ApiDocument = {
  file: string
  title: string
  summary: string
  notes: string[]
  server: string
  paths: Record<string, Record<string, JsonSchema>>
  responses: Record<string, JsonSchema>
  schemas: Record<string, JsonSchema>
  headers: Record<string, JsonSchema>
  securitySchemes: Record<string, JsonSchema>
  /** What the Worker mounts. */
  routes: readonly Route[]
}

const text = (description: string): JsonSchema => ({ description, schema: { type: 'string' } })

const HEADERS = {
  'X-Request-Id': text('Names this request in the log.'),
  'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } },
  'WWW-Authenticate': text('What is wanted (RFC 6750 section 3, RFC 9449 section 7.1).'),
  'DPoP-Nonce': text('Put it into the next proof as `nonce` (RFC 9449 section 8).'),
}

const BEARER = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'An access token that is not bound to a key.',
}
const DPOP = {
  type: 'http',
  scheme: 'DPoP',
  description:
    'An access token that is bound to a key, and in the header `DPoP` a proof for this very request with `ath` (RFC 9449 section 7).',
}

export const PUBLIC_API: ApiDocument = {
  file: 'openapi.json',
  title: 'Latchkey',
  summary: 'Passwordless sign-in for mobile apps.',
  notes: [
    'JSON members are in camelCase, those of the OAuth endpoints in snake_case. Times are Unix seconds.',
    'GET answers HEAD as well. Another method is 405 with `Allow`, another path 404, both as problem details, on every route.',
    'Bodies are UTF-8, not compressed, at most 16 KiB, and name no member twice. JSON requests outside of OAuth may have no unknown member.',
    'A browser of an origin that is not allowed gets 403 for whatever is not a GET.',
  ],
  server: 'The service’s own origin, its ISSUER.',
  paths,
  responses,
  schemas,
  headers: HEADERS,
  securitySchemes: {
    Bearer: BEARER,
    DPoP: DPOP,
    ResourceServer: {
      type: 'http',
      scheme: 'basic',
      description: 'Name and secret of a resource server, as the operator gave it.',
    },
  },
  routes: ROUTES,
}

export const CONSOLE_API: ApiDocument = {
  file: 'openapi-console.json',
  title: 'Latchkey console',
  summary: 'Who may sign in: for the company’s people, and for its machines.',
  notes: [
    'JSON members are in camelCase, those of the OAuth endpoint in snake_case. Times are Unix seconds.',
    'GET answers HEAD as well. Another method is 405 with `Allow`, another path 404, both as problem details, on every route.',
    'Bodies are UTF-8, not compressed, at most 16 KiB (an import: 4 MiB), and name no member twice. JSON requests outside of OAuth may have no unknown member.',
    'People need a role: an address of ADMIN_EMAILS or APPROVER_EMAILS. A sign-in is good for 12 hours; `stale_session` says, with `max_age`, how recent one is wanted (RFC 9470).',
    'No other origin’s page may call. A browser’s session changes something only from the console’s own pages.',
  ],
  server: 'The console’s own origin, its CONSOLE_ORIGIN.',
  paths: consolePaths,
  responses: consoleResponses,
  schemas: consoleSchemas,
  headers: {
    ...HEADERS,
    ETag: text('For `If-Match` (RFC 9110 section 8.8.3).'),
    Location: text('Where the approval is.'),
  },
  securitySchemes: {
    Session: {
      type: 'apiKey',
      in: 'cookie',
      name: '__Host-latchkey',
      description: 'A browser that has signed in to the console.',
    },
    Bearer: BEARER,
    DPoP: DPOP,
    Machine: {
      type: 'oauth2',
      flows: {
        clientCredentials: {
          tokenUrl: '/v1/token',
          scopes: {
            'approvals:read': 'List, show and export approvals.',
            'approvals:write': 'Approve, change, withdraw, restore and import.',
            'people:read': 'Show people and their sessions.',
            'people:write': 'End sessions, and erase people.',
          },
        },
      },
    },
    Client: {
      type: 'http',
      scheme: 'basic',
      description: 'Name and secret of a machine, as the operator gave it.',
    },
  },
  routes: CONSOLE_ROUTES,
}

/** The description of an HTTP API (OpenAPI 3.1). The same text for the same sources. */
export function openapiText(api: ApiDocument, version: string): string {
  const document = {
    openapi: '3.1.0',
    info: {
      title: api.title,
      version,
      summary: api.summary,
      description: api.notes.join('\n\n'),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: api.server }],
    paths: api.paths,
    components: {
      schemas: api.schemas,
      responses: api.responses,
      headers: api.headers,
      securitySchemes: api.securitySchemes,
    },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** @returns one line for each route that is on one side only. Both as `GET /v1/session`. */
export function routeDifferences(file: string, documented: string[], mounted: string[]): string[] {
  return [
    ...mounted.filter((route) => !documented.includes(route)).map((r) => `${r} is not in ${file}`),
    ...documented.filter((route) => !mounted.includes(route)).map((r) => `${r} is no route`),
  ]
}

export const documentedRoutes = ({ paths }: ApiDocument): string[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  )

/** As documentedRoutes, of the routes that the Worker has. A page for people is no part of its API. */
export const routesOf = ({ routes }: Pick<ApiDocument, 'routes'>): string[] =>
  routes
    .filter(({ errors }) => errors !== 'page')
    .map(({ method, path }) => `${method} ${asTemplate(path)}`)

/** `/v1/sessions/:id` as `/v1/sessions/{id}`; the one wildcard is a link's token, however mangled. */
const asTemplate = (path: string): string =>
  path.replace(/:(\w+)/g, '{$1}').replace(/^\/link\/\*$/, '/link/{token}')

if (import.meta.main) {
  await run(() => {
    const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    const wrong = [PUBLIC_API, CONSOLE_API].flatMap((api) => {
      const made = openapiText(api, version)
      const found = routeDifferences(api.file, documentedRoutes(api), routesOf(api))
      if (!values.check) writeFileSync(api.file, made)
      else if (readFileSync(api.file, 'utf8') !== made) {
        found.push(`${api.file} is not what the sources say: npm run openapi`)
      }
      console.log(`${api.file}: ${documentedRoutes(api).length} routes`)
      return found
    })
    if (wrong.length > 0) throw new Plain(wrong.join('\n'))
  })
}
