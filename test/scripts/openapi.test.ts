import { timingSafeEqual } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lint } from '../../scripts/check/openapi.ts'
import {
  CONSOLE_API,
  documentedRoutes,
  openapiText,
  PUBLIC_API,
  routeDifferences,
  routesOf,
} from '../../scripts/openapi/openapi.ts'
import { createApp } from '../../src/app.ts'
import { createConsole } from '../../src/console/app.ts'
import { realWorld } from '../../src/base/world.ts'
import { workerBindings } from '../support/node/worker-bindings.ts'

type Operation = {
  operationId: string
  parameters?: { name: string; in: string }[]
  requestBody?: unknown
  responses: Record<string, { $ref?: string; content?: Record<string, unknown> }>
}
type Document = {
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>>
}

/** What a `$ref` of a document points to. */
const resolveIn = (document: Document, ref: string): unknown =>
  ref
    .slice('#/'.length)
    .split('/')
    .reduce((at: unknown, part) => (at as Record<string, unknown>)[part], document)

// Node spells it as a function of its own.
Object.assign(crypto.subtle, { timingSafeEqual })
/** A DynamoDB that refuses for good. */
const refusing = {
  ...realWorld,
  fetch: async () => Response.json({ __type: 'x#AccessDeniedException' }, { status: 400 }),
}

const env = {
  ...workerBindings('http://127.0.0.1:9', 'http://127.0.0.1:9'),
  ASSETS: {
    fetch: async (url: string) => new Response(readFileSync(`public${new URL(url).pathname}`)),
  },
  CONSOLE_ORIGIN: 'https://console.latchkey.test',
  APPROVER_EMAILS: '',
}

/** Each Worker's document, and the whole Worker. */
const APIS = [
  { api: PUBLIC_API, app: createApp(refusing, () => undefined), refsAtLeast: 50 },
  { api: CONSOLE_API, app: createConsole(refusing, () => undefined), refsAtLeast: 50 },
].map(({ api, ...rest }) => {
  const file = readFileSync(api.file, 'utf8')
  const document = JSON.parse(file) as Document
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      operation,
    })),
  )
  const resolve = (ref: string) => resolveIn(document, ref)
  return { name: api.file, api, file, document, operations, resolve, ...rest }
})
const [{ app, document }] = APIS as [(typeof APIS)[number]]

describe.each(APIS)('works: $name', ({ api, file, operations, resolve, refsAtLeast }) => {
  it('is up to date: npm run openapi writes it', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(file).toBe(openapiText(api, version))
  })

  it('names every route of the Worker, and no other', () => {
    expect(routeDifferences(api.pathsFile, documentedRoutes(api), routesOf(api))).toEqual([])
  })

  it('says which route is missing on either side', () => {
    expect(routeDifferences(api.pathsFile, ['GET /a', 'GET /b'], ['GET /b', 'POST /b'])).toEqual([
      `POST /b is not in ${api.pathsFile}`,
      'GET /a is not a route',
    ])
  })

  it('names the file where a missing route must be added', () => {
    const missing = routeDifferences(api.pathsFile, [], routesOf(api).slice(0, 1))
    expect(missing).toEqual([expect.stringContaining(`is not in ${api.pathsFile}`)])
    expect(existsSync(api.pathsFile)).toBe(true)
  })

  it('has no dangling references', () => {
    const refs = [...file.matchAll(/"\$ref": "(#[^"]+)"/g)].map((match) => match[1]!)
    expect(refs.length).toBeGreaterThan(refsAtLeast)
    expect(refs.filter((ref) => resolve(ref) === undefined)).toEqual([])
  })

  it('names each operation once, and each part of its path', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { path, operation } of operations) {
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      expect(inPath.map(({ name }) => name)).toEqual(named)
    }
  })
})

/** Requests that go wrong, each in a way that many routes share. */
const PROBES: [what: string, env: object, init: (method: string) => RequestInit][] = [
  ['nothing else', env, (method) => ({ method })],
  ['no secrets', {}, (method) => ({ method })],
  [
    'an origin that is not allowed',
    env,
    (method) => sent(method, '{}', { Origin: 'https://evil.example' }),
  ],
  ['another media type', env, (method) => sent(method, '{}', { 'Content-Type': 'text/plain' })],
  ['a body that is too large', env, (method) => sent(method, 'x'.repeat(20_000))],
  ['an empty object', env, (method) => sent(method, '{}')],
  ['a token of ours that is none', env, (method) => sent(method, '{"token":"x"}')],
]

function sent(method: string, body: string, headers: Record<string, string> = {}): RequestInit {
  const given = { 'Content-Type': 'application/json', ...headers }
  return method === 'GET' ? { method, headers: given } : { method, headers: given, body }
}

/** As much of an execution context as a Worker uses. */
const CONTEXT = { waitUntil: () => undefined } as never

async function errorFor(path: string, parameters: Record<string, string>) {
  const response = await app.request(path, sent('POST', JSON.stringify(parameters)), env, CONTEXT)
  return response.status === 200 ? undefined : ((await response.json()) as { error: string }).error
}

describe.each(APIS)('describes every answer: $name', ({ app, operations, resolve }) => {
  it.each(PROBES)('to a request with %s', async (_, env, init) => {
    for (const { name, method, path, operation } of operations) {
      const response = await app.request(path.replace(/[{}]/g, ''), init(method), env, CONTEXT)
      const said = operation.responses[response.status]
      expect(said, `${name} answered ${response.status}`).toBeDefined()
      const { content } = (said?.$ref ? resolve(said.$ref) : said) as Operation['responses'][string]
      const type = response.headers.get('Content-Type')?.split(';')[0]
      expect(type === undefined ? [] : [type], name).toEqual(
        Object.keys(content ?? {}).filter((one) => one === type),
      )
    }
  })
})

describe('describes a token', () => {
  it('with the exact maximum length of a token', async () => {
    const { Token, RefreshGrantParameters } = document.components['schemas'] as Record<
      string,
      { properties: Record<string, { maxLength: number }> }
    >
    const longest = Token!.properties['token']!.maxLength
    expect(RefreshGrantParameters!.properties['refresh_token']!.maxLength).toBe(longest)
    for (const [length, revoke, refresh] of [
      [longest, undefined, 'invalid_grant'],
      [longest + 1, 'invalid_request', 'invalid_request'],
    ] as const) {
      const token = 'x'.repeat(length)
      expect(await errorFor('/v1/revoke', { token })).toBe(revoke)
      const parameters = { grant_type: 'refresh_token', refresh_token: token }
      expect(await errorFor('/v1/token', parameters)).toBe(refresh)
    }
  })
})

describe('the linter', () => {
  it.each(APIS)('reports nothing in $name', ({ name }) => {
    expect(lint(name)).toEqual([])
  })

  it('says what is wrong with a document, and where', () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-openapi-'))
    try {
      const broken = structuredClone(document)
      delete (broken.paths['/healthz']!['get'] as Partial<Operation>).operationId
      const file = join(folder, 'openapi.json')
      writeFileSync(file, JSON.stringify(broken))
      expect(lint(file)).toEqual([expect.stringMatching(/#\/paths\/~1healthz\/get.+operationId/)])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
