import { describe, expect, it } from 'vitest'
import { checkImports } from '../../../scripts/check/imports.ts'

const check = (sources: Record<string, string>): string[] =>
  checkImports(new Map(Object.entries(sources)))

describe('works', () => {
  it('lets imports point down, and a feature use the store of another', () => {
    const sources = {
      'index.ts': "import app from './app.ts'",
      'app.ts': "import { routes } from './links/routes.ts'\nimport { Hono } from 'hono'",
      'links/routes.ts': "import { openSession } from '../sessions/store.ts'",
      'sessions/store.ts': "import { call } from '../dynamo/client.ts'",
      'dynamo/client.ts': "import { config } from '../config.ts'",
      'config.ts': "import { TOKENS_TABLE } from './dynamo/tables.ts'",
      'dynamo/tables.ts': '',
    }
    expect(check(sources)).toEqual([])
  })
})

describe('refuses', () => {
  it('an import that points up, at its line', () => {
    const config = "import * as z from 'zod'\nimport {\n  call,\n} from './dynamo/client.ts'\n"
    expect(check({ 'config.ts': config, 'dynamo/client.ts': '' })).toEqual([
      'src/base/config.ts:4 imports dynamo/client.ts, which is above it',
    ])
  })

  it.each([
    ['export', "export { x } from '../links/routes.ts'"],
    ['type', "import type { X } from '../links/routes.ts'"],
    ['side effect', "import '../links/routes.ts'"],
    ['dynamic import', "const x = await import('../links/routes.ts')"],
  ])('the inside of another feature, by %s', (_, line) => {
    expect(check({ 'sessions/refresh.ts': line, 'links/routes.ts': '' })).toEqual([
      'src/session/refresh.ts:1 imports links/routes.ts: another feature is used through its store.ts or schema.ts',
    ])
  })

  it('a circle, even of stores, but not one of types', () => {
    const links = "import { a } from '../sessions/store.ts'"
    const sessions = "import { b } from '../links/store.ts'"
    expect(check({ 'links/store.ts': links, 'sessions/store.ts': sessions })).toEqual([
      'src/model/session.ts:1 closes a circle: links/store.ts → sessions/store.ts → links/store.ts',
    ])
    const types = "import type { B } from '../links/store.ts'"
    expect(check({ 'links/store.ts': links, 'sessions/store.ts': types })).toEqual([])
  })

  it('a file that has no level, and an import from outside of src', () => {
    expect(check({ 'utils.ts': "import x from '../scripts/dev.ts'" })).toEqual([
      'src/utils.ts:1 has no level in scripts/check/imports.ts',
      'src/utils.ts:1 imports ../scripts/dev.ts, which is outside src',
    ])
  })
})
