import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { Plain, run } from '../fail.ts'
import { consolePaths, consoleResponses } from './console-paths.ts'
import { consoleSchemas } from './console-schemas.ts'
import { docsFiles, type AssetsFolder } from './page/files.ts'
import { header } from './parts.ts'
import { paths, responses } from './paths.ts'
import { schemas, type JsonSchema } from './schemas.ts'
import { ROUTES } from '../../src/app.ts'
import { CONSOLE_ROUTES } from '../../src/console/app.ts'
import type { Route } from '../../src/http/route-group.ts'

/** Each Worker has its own document, because hosts, callers and errors differ. */
export type ApiDocument = {
  file: string
  /** The folder of static assets where the Worker's host serves the document and its page. */
  assets: AssetsFolder
  title: string
  summary: string
  notes: string[]
  /** Tag → what its operations have in common. */
  tags: Record<string, string>
  server: string
  paths: Record<string, Record<string, JsonSchema>>
  responses: Record<string, JsonSchema>
  schemas: Record<string, JsonSchema>
  headers: Record<string, JsonSchema>
  securitySchemes: Record<string, JsonSchema>
  /** The source file of `paths`, where a missing route must be added. */
  pathsFile: string
  /** The routes of the Worker, to compare the document with. */
  routes: readonly Route[]
}

const textHeader = (description: string): JsonSchema => ({
  description,
  schema: { type: 'string' },
})

const EVERY_ROUTE =
  'Every GET route also answers HEAD. An unknown path gets 404, and a method that the path does not have gets 405 with `Allow`. Both responses are problem details.'

const HEADERS = {
  'X-Request-Id': textHeader('The id of this request, which is also in the log.'),
  'Retry-After': {
    description: 'Seconds to wait before the next request.',
    schema: { type: 'integer' },
  },
  'WWW-Authenticate': textHeader(
    'The authentication that the route requires (RFC 6750 section 3, RFC 9449 section 7.1).',
  ),
  'DPoP-Nonce': textHeader('The value for `nonce` in the next proof (RFC 9449 section 8).'),
  'Server-Timing': textHeader(
    'The time up to the response, in milliseconds, and the round trips to DynamoDB (W3C Server Timing), for callers who have proven who they are.',
  ),
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
    'An access token that is bound to a key. The header `DPoP` holds a proof for this request, with `ath` (RFC 9449 section 7).',
}

export const PUBLIC_API: ApiDocument = {
  file: 'openapi.json',
  assets: 'public',
  title: 'Latchkey',
  summary: 'Passwordless sign-in for mobile apps.',
  notes: [
    'Members are in camelCase, except on the OAuth endpoints, where they are in snake_case. Times are Unix seconds.',
    EVERY_ROUTE,
    'A request body must be UTF-8, uncompressed and at most 16 KiB long, and must not have duplicate members. Except on the OAuth endpoints, unknown members are refused. A request with a longer `Content-Length` can get 413 on a route that takes no body, too.',
    'A request from a web page whose origin is not allowed gets 403, unless it is a GET or HEAD.',
  ],
  tags: {
    'Sign in': 'Request a link and a code, and redeem one of them for a session.',
    Sessions: 'Show, check and end sessions.',
    Discovery: 'Public documents for back ends, OAuth clients and phones.',
    Operations: 'Checks for the operator’s monitoring.',
  },
  server: 'The origin of the service, its ISSUER.',
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
      description:
        'The name and the secret of a resource server, from the operator of the service.',
    },
  },
  pathsFile: 'scripts/openapi/paths.ts',
  routes: ROUTES,
}

export const CONSOLE_API: ApiDocument = {
  file: 'openapi-console.json',
  assets: 'public-console',
  title: 'Latchkey console',
  summary: 'The API for administrators, approvers and machines to manage who may sign in.',
  notes: [
    'Members are in camelCase, except on the OAuth endpoint, where they are in snake_case. Times are Unix seconds.',
    EVERY_ROUTE,
    'A request body must be UTF-8, uncompressed and at most 16 KiB long (an import: 4 MiB), and must not have duplicate members. Except on the OAuth endpoint, unknown members are refused. A request with a longer `Content-Length` can get 413 on a route that takes no body, too.',
    'A person needs a role: their address must be in ADMIN_EMAILS or APPROVER_EMAILS. A sign-in is accepted for 12 hours. The problem `stale_session` means that a newer sign-in is required; `max_age` says how recent it must be (RFC 9470).',
    'Web pages of other origins may not call this API. With the cookie of a browser session, only the console’s own pages can make changes.',
  ],
  tags: {
    'Sign in': 'Where a token comes from, and whose it is.',
    Approvals: 'Decide who may sign in.',
    People: 'Explain what happens to a person, end their sessions, and erase them.',
    Requests: 'Decide access requests.',
    Operations: 'Checks for the operator’s monitoring.',
  },
  server: 'The origin of the console, its CONSOLE_ORIGIN.',
  paths: consolePaths,
  responses: consoleResponses,
  schemas: consoleSchemas,
  headers: {
    ...HEADERS,
    ETag: textHeader('The value for `If-Match` (RFC 9110 section 8.8.3).'),
    Location: textHeader('The path of the approval.'),
  },
  securitySchemes: {
    Session: {
      type: 'apiKey',
      in: 'cookie',
      name: '__Host-latchkey',
      description: 'The session of a browser that signed in to the console.',
    },
    DPoP: DPOP,
    Machine: {
      type: 'oauth2',
      flows: {
        clientCredentials: {
          tokenUrl: '/v1/token',
          scopes: {
            'approvals:read': 'List, show and export approvals.',
            'approvals:write': 'Approve, change, withdraw, restore and import approvals.',
            'people:read': 'Show people and their sessions.',
            'people:write': 'End sessions, and erase people.',
          },
        },
      },
    },
    Client: {
      type: 'http',
      scheme: 'basic',
      description: 'The name and the secret of a machine, from the operator of the service.',
    },
  },
  pathsFile: 'scripts/openapi/console-paths.ts',
  routes: CONSOLE_ROUTES,
}

/** @returns the description of an HTTP API (OpenAPI 3.1) as JSON. The same sources give the same text. */
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
    tags: Object.entries(api.tags).map(([name, description]) => ({ name, description })),
    paths: withTimes(api.paths),
    components: {
      schemas: api.schemas,
      responses: api.responses,
      headers: api.headers,
      securitySchemes: api.securitySchemes,
    },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** Adds `Server-Timing` to the successful responses that have it: see showTiming in src/http/scope.ts. */
function withTimes(paths: ApiDocument['paths']): ApiDocument['paths'] {
  const mapped = <Value, Result>(
    object: Record<string, Value>,
    map: (value: Value, name: string) => Result,
  ): Record<string, Result> =>
    Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value, name)]))
  return mapped(paths, (operations) =>
    mapped(operations, (operation) => {
      const { operationId, security, responses } = operation as Described
      if (operationId !== 'token' && security.length === 0) return operation
      const timed = mapped(responses, (response, status) =>
        status.startsWith('2')
          ? { ...response, headers: { ...response.headers, ...header('Server-Timing') } }
          : response,
      )
      return { ...operation, responses: timed }
    }),
  )
}

type Described = {
  operationId: string
  security: unknown[]
  responses: Record<string, JsonSchema & { headers?: JsonSchema }>
}

/**
 * Compares two lists of routes such as `GET /v1/session`.
 * @param pathsFile where a missing route must be added, for the message.
 * @returns one line for each route that is in only one list.
 */
export function routeDifferences(
  pathsFile: string,
  documented: string[],
  mounted: string[],
): string[] {
  return [
    ...mounted
      .filter((route) => !documented.includes(route))
      .map((route) => `${route} is not in ${pathsFile}`),
    ...documented.filter((route) => !mounted.includes(route)).map((r) => `${r} is not a route`),
  ]
}

export const documentedRoutes = ({ paths }: ApiDocument): string[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  )

/** The routes of the Worker, in the form of documentedRoutes, without its HTML pages. */
export const routesOf = ({ routes }: Pick<ApiDocument, 'routes'>): string[] =>
  routes
    .filter(({ errors }) => errors !== 'page')
    .map(({ method, path }) => `${method} ${asTemplate(path)}`)

/** Turns `/v1/sessions/:id` into `/v1/sessions/{id}`. The only wildcard stands for a sealed link. */
const asTemplate = (path: string): string =>
  path.replace(/:(\w+)/g, '{$1}').replace(/^\/link\/\*$/, '/link/{token}')

/** Everything that is generated from one description: the document, and the static assets that show it. */
export const filesOf = (api: ApiDocument, text: string): Record<string, string> => ({
  [api.file]: text,
  ...docsFiles(api.assets, text),
})

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

if (import.meta.main) {
  await run(() => {
    const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    const problems = [PUBLIC_API, CONSOLE_API].flatMap((api) => {
      const text = openapiText(api, version)
      const problems = routeDifferences(api.pathsFile, documentedRoutes(api), routesOf(api))
      for (const [file, made] of Object.entries(filesOf(api, text))) {
        if (!values.check) write(file, made)
        else if (!existsSync(file) || readFileSync(file, 'utf8') !== made) {
          problems.push(`${file} is out of date: run npm run openapi`)
        }
      }
      console.log(`${api.file}: all ${documentedRoutes(api).length} routes of the Worker`)
      return problems
    })
    if (problems.length > 0) throw new Plain(problems.join('\n'))
  })
}
