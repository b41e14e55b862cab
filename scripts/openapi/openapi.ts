import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Plain, run } from '../fail.ts'
import { paths, responses } from './paths.ts'
import { schemas, type JsonSchema } from './schemas.ts'
import { ROUTES } from '../../src/app.ts'

const FILE = 'openapi.json'

const textHeader = (description: string): JsonSchema => ({
  description,
  schema: { type: 'string' },
})

/** @returns the description of the HTTP API (OpenAPI 3.1) as JSON. The same sources give the same text. */
export function openapiText(version: string): string {
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Latchkey',
      version,
      summary: 'Passwordless sign-in for mobile apps.',
      description: [
        'Members are in camelCase, and in snake_case on the OAuth endpoints. Times are Unix seconds.',
        'Every GET route answers HEAD too. An unknown path is answered with 404, and a method that the path does not have with 405 and `Allow`, both as problem details.',
        'A request body must be in UTF-8, not compressed, at most 16 KiB long, and must not name a member twice. Outside of the OAuth endpoints, an unknown member is refused.',
        'A request from a web page whose origin is not allowed is answered with 403, unless it is a GET or HEAD.',
      ].join('\n\n'),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The origin of the service, its ISSUER.' }],
    paths,
    components: {
      schemas,
      responses,
      headers: {
        'X-Request-Id': textHeader('The id of this request, which is also in the log.'),
        'Retry-After': {
          description: 'Seconds to wait before the next try.',
          schema: { type: 'integer' },
        },
        'WWW-Authenticate': textHeader(
          'The authentication that the route requires (RFC 6750 section 3, RFC 9449 section 7.1).',
        ),
        'DPoP-Nonce': textHeader('The value for `nonce` in the next proof (RFC 9449 section 8).'),
      },
      securitySchemes: {
        Bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An access token that is not bound to a key.',
        },
        DPoP: {
          type: 'http',
          scheme: 'DPoP',
          description:
            'An access token that is bound to a key. The header `DPoP` holds a proof for this request, with `ath` (RFC 9449 section 7).',
        },
        ResourceServer: {
          type: 'http',
          scheme: 'basic',
          description:
            'The name and the secret of a resource server, from the operator of the service.',
        },
      },
    },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/**
 * Compares two lists of routes such as `GET /v1/session`.
 * @returns one line for each that is in one list only.
 */
export function routeDifferences(documented: string[], mounted: string[]): string[] {
  return [
    ...mounted.filter((route) => !documented.includes(route)).map((r) => `${r} is not in ${FILE}`),
    ...documented.filter((route) => !mounted.includes(route)).map((r) => `${r} is not a route`),
  ]
}

export const documentedRoutes = (): string[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  )

/** The routes of the Worker, in the form of documentedRoutes. */
export const routesOf = (routes: readonly { method: string; path: string }[]): string[] =>
  routes.map(({ method, path }) => `${method} ${asTemplate(path)}`)

/** Turns `/v1/sessions/:id` into `/v1/sessions/{id}`. The one wildcard stands for a sealed link. */
const asTemplate = (path: string): string =>
  path.replace(/:(\w+)/g, '{$1}').replace(/^\/link\/\*$/, '/link/{token}')

if (import.meta.main) {
  await run(() => {
    const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    const text = openapiText(version)
    const problems = routeDifferences(documentedRoutes(), routesOf(ROUTES))
    if (!values.check) writeFileSync(FILE, text)
    else if (readFileSync(FILE, 'utf8') !== text) {
      problems.push(`${FILE} is out of date: run npm run openapi`)
    }
    if (problems.length > 0) throw new Plain(problems.join('\n'))
    console.log(`${FILE}: all ${documentedRoutes().length} routes of the Worker`)
  })
}
