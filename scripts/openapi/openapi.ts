import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Plain, run } from '../fail.ts'
import { paths, responses } from './paths.ts'
import { schemas, type JsonSchema } from './schemas.ts'
import { ROUTES } from '../../src/app.ts'

const FILE = 'openapi.json'

const text = (description: string): JsonSchema => ({ description, schema: { type: 'string' } })

/** The description of the HTTP API (OpenAPI 3.1). The same text for the same sources. */
export function openapiText(version: string): string {
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Latchkey',
      version,
      summary: 'Passwordless sign-in for mobile apps.',
      description: [
        'JSON members are in camelCase, those of the OAuth endpoints in snake_case. Times are Unix seconds.',
        'GET answers HEAD as well. Another method is 405 with `Allow`, another path 404, both as problem details, on every route.',
        'Bodies are UTF-8, not compressed, at most 16 KiB, and name no member twice. JSON requests outside of OAuth may have no unknown member.',
        'A browser of an origin that is not allowed gets 403 for whatever is not a GET.',
      ].join('\n\n'),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The service’s own origin, its ISSUER.' }],
    paths,
    components: {
      schemas,
      responses,
      headers: {
        'X-Request-Id': text('Names this request in the log.'),
        'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } },
        'WWW-Authenticate': text('What is wanted (RFC 6750 section 3, RFC 9449 section 7.1).'),
        'DPoP-Nonce': text('Put it into the next proof as `nonce` (RFC 9449 section 8).'),
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
            'An access token that is bound to a key, and in the header `DPoP` a proof for this very request with `ath` (RFC 9449 section 7).',
        },
        ResourceServer: {
          type: 'http',
          scheme: 'basic',
          description: 'Name and secret of a resource server, as the operator gave it.',
        },
      },
    },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** @returns one line for each route that is on one side only. Both as `GET /v1/session`. */
export function routeDifferences(documented: string[], mounted: string[]): string[] {
  return [
    ...mounted.filter((route) => !documented.includes(route)).map((r) => `${r} is not in ${FILE}`),
    ...documented.filter((route) => !mounted.includes(route)).map((r) => `${r} is no route`),
  ]
}

export const documentedRoutes = (): string[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  )

/** As documentedRoutes, of the routes that the Worker has. */
export const routesOf = (routes: readonly { method: string; path: string }[]): string[] =>
  routes.map(({ method, path }) => `${method} ${asTemplate(path)}`)

/** `/v1/sessions/:id` as `/v1/sessions/{id}`; the one wildcard is a link's token, however mangled. */
const asTemplate = (path: string): string =>
  path.replace(/:(\w+)/g, '{$1}').replace(/^\/link\/\*$/, '/link/{token}')

if (import.meta.main) {
  await run(() => {
    const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    const made = openapiText(version)
    const wrong = routeDifferences(documentedRoutes(), routesOf(ROUTES))
    if (!values.check) writeFileSync(FILE, made)
    else if (readFileSync(FILE, 'utf8') !== made) {
      wrong.push(`${FILE} is not what the sources say: npm run openapi`)
    }
    if (wrong.length > 0) throw new Plain(wrong.join('\n'))
    console.log(`${FILE}: ${documentedRoutes().length} routes, every one of the Worker's`)
  })
}
