import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const FORBIDDEN: [why: string, from: string, to: string][] = [
  ['a journey imports another', 'src/ask/a.ts', '../session/end.ts'],
  ['a journey of tomorrow imports another', 'src/account/a.ts', '../ask/ask.ts'],
  ['the page behind a link imports another journey', 'src/link-page/a.ts', '../ask/words.ts'],
  ['a folder in a journey imports another journey', 'src/account/pages/a.ts', '../../ask/ask.ts'],
  ['a journey imports the console', 'src/ask/f.ts', '../console/actor.ts'],
  ['the public app imports the console', 'src/app.ts', './console/app.ts'],
  ['http imports the console', 'src/http/b.ts', '../console/actor.ts'],
  ['model imports the console', 'src/model/d.ts', '../console/actor.ts'],
  ['the console imports the public app', 'src/console/a.ts', '../app.ts'],
  ['a folder in the console imports the public app', 'src/console/pages/a.ts', '../../app.ts'],
  ['the console imports scripts', 'src/console/b.ts', '../../scripts/fail.ts'],
  ['a journey imports serve', 'src/ask/g.ts', '../serve.ts'],
  ['a journey imports app', 'src/ask/b.ts', '../app.ts'],
  ['a journey imports isolate', 'src/ask/c.ts', '../isolate.ts'],
  ['a journey imports index', 'src/ask/d.ts', '../index.ts'],
  ['serve imports index', 'src/serve.ts', './index.ts'],
  ['model imports http', 'src/model/a.ts', '../http/deps.ts'],
  ['model imports a journey', 'src/model/b.ts', '../session/end.ts'],
  ['http imports a journey', 'src/http/a.ts', '../session/authenticate.ts'],
  ['crypto imports dynamo', 'src/crypto/a.ts', '../dynamo/db.ts'],
  ['crypto imports send', 'src/crypto/b.ts', '../send/send.ts'],
  ['dynamo imports crypto', 'src/dynamo/a.ts', '../crypto/seal.ts'],
  ['dynamo imports model', 'src/dynamo/b.ts', '../model/link.ts'],
  ['send imports dynamo', 'src/send/a.ts', '../dynamo/db.ts'],
  ['send imports http', 'src/send/b.ts', '../http/deps.ts'],
  ['base imports crypto', 'src/base/a.ts', '../crypto/seal.ts'],
  ['base imports app', 'src/base/b.ts', '../app.ts'],
  ['a journey imports dev', 'src/ask/e.ts', '../../dev/ports.ts'],
  ['app imports scripts', 'src/isolate.ts', '../scripts/fail.ts'],
  ['base imports bench', 'src/base/c.ts', '../../bench/stats.ts'],
  ['model imports test', 'src/model/c.ts', '../../test/support/node/provided.ts'],
  ['dynamo imports a package', 'src/dynamo/c.ts', '../../packages/client/error.ts'],
  ['the adapters for Expo import a package', 'packages/expo/a.ts', 'expo-crypto'],
  ['the adapters for Expo import the client', 'packages/expo/b.ts', '../client/error.ts'],
  ['the client imports src', 'packages/client/a.ts', '../../src/base/encoding.ts'],
  ['the client imports the verifier', 'packages/client/b.ts', '../verify/base64url.ts'],
  ['the client imports a dependency', 'packages/client/c.ts', 'jose'],
  ['the verifier imports src', 'packages/verify/a.ts', '../../src/base/encoding.ts'],
  ['the verifier imports zod', 'packages/verify/b.ts', 'zod'],
  ['the testing package imports src', 'packages/testing/a.ts', '../../src/base/time.ts'],
  ['the testing package imports the client', 'packages/testing/b.ts', '../client/index.ts'],
  ['the testing package imports a dependency', 'packages/testing/c.ts', 'zod'],
  ['the command line imports src', 'packages/cli/a.ts', '../../src/base/encoding.ts'],
  ['a folder of it imports src', 'packages/cli/api/a.ts', '../../../src/base/time.ts'],
  ['the command line imports the verifier', 'packages/cli/b.ts', '../verify/index.ts'],
  ['the command line imports a part of the client', 'packages/cli/c.ts', '../client/session.ts'],
  ['the command line imports a dependency', 'packages/cli/d.ts', 'string-width'],
  ['the command line imports a script', 'packages/cli/e.ts', '../../scripts/fail.ts'],
  ['dev imports test', 'dev/a.ts', '../test/support/node/provided.ts'],
  ['a script imports test', 'scripts/check/a.ts', '../../test/support/node/provided.ts'],
  ['a script imports bench', 'scripts/check/b.ts', '../../bench/stats.ts'],
  ['the build of the page imports test', 'link-page/a.ts', '../test/support/node/provided.ts'],
  ['bench imports test', 'bench/a.ts', '../test/support/node/provided.ts'],
  ['dev imports the torture kit', 'dev/b.ts', '../torture/start.ts'],
  ['the console imports the torture kit', 'src/console/c.ts', '../../torture/start.ts'],
  ['the client imports the torture kit', 'packages/client/d.ts', '../../torture/runner.ts'],
  ['the torture kit imports test', 'torture/a.ts', '../test/support/torture.ts'],
  ['a case imports bench', 'torture/cases/a.ts', '../../bench/stats.ts'],
]

const ALLOWED: [from: string, to: string][] = [
  ['src/index.ts', './isolate.ts'],
  ['src/scheduled.ts', './ask/routes.ts'],
  ['src/ask/ok1.ts', './schema.ts'],
  ['src/ask/ok2.ts', '../http/deps.ts'],
  ['src/ask/ok3.ts', '../model/link.ts'],
  ['src/ask/ok4.ts', '../dynamo/db.ts'],
  ['src/ask/ok5.ts', 'zod'],
  ['src/account/pages/ok1.ts', '../routes.ts'],
  ['src/account/pages/ok2.ts', '../../http/read.ts'],
  ['src/console/ok1.ts', '../ask/ask.ts'],
  ['src/console/ok2.ts', '../serve.ts'],
  ['src/console/pages/ok1.ts', '../guards.ts'],
  ['src/console/pages/ok2.ts', '../../sign-in/sign-in.ts'],
  ['src/http/ok1.ts', '../model/session.ts'],
  ['src/http/ok2.ts', '../send/send.ts'],
  ['src/model/ok1.ts', '../crypto/seal.ts'],
  ['src/send/ok1.ts', '../base/world.ts'],
  ['src/base/ok1.ts', './variables.ts'],
  ['src/base/ok2.ts', '../../packages/verify/base64url.ts'],
  ['src/crypto/ok1.ts', '../../packages/verify/dpop-proof.ts'],
  ['packages/client/ok1.ts', './error.ts'],
  ['packages/verify/ok1.ts', './error.ts'],
  ['packages/verify/ok2.ts', 'jose'],
  ['packages/verify/ok3.ts', 'hono'],
  ['packages/cli/ok1.ts', './command.ts'],
  ['packages/cli/ok2.ts', 'node:fs/promises'],
  ['packages/cli/ok3.ts', '../client/index.ts'],
  ['packages/cli/api/ok4.ts', '../command.ts'],
  ['packages/cli/session/ok5.ts', '../../client/index.ts'],
  ['packages/cli/commands/people/ok6.ts', '../approvals/read.ts'],
  ['dev/ok1.ts', '../src/base/tables.ts'],
  ['dev/inbox/ok2.ts', '../../src/base/locale.ts'],
  ['scripts/check/ok1.ts', '../../dev/wrangler-env.ts'],
  ['bench/ok1.ts', '../scripts/tables/tables.ts'],
  ['torture/ok1.ts', '../src/app.ts'],
  ['torture/ok2.ts', '../packages/client/client.ts'],
  ['torture/cases/ok1.ts', '../run.ts'],
  ['test/ask/ok1.ts', '../../src/ask/ask.ts'],
]

/** Each way of importing in a file of its own. */
const FORMS = {
  'src/ask/type.ts': "export type { X } from '../session/end.ts'",
  'src/ask/all.ts': "export * from '../session/end.ts'",
  'src/ask/effect.ts': "import '../session/end.ts'",
  'src/ask/dynamic.ts': "export const later = () => import('../session/end.ts')",
  'src/ask/page.tsx': "export { x } from '../session/end.ts'",
}

const CIRCLES = ['src/ask', 'packages/client', 'packages/cli', 'dev', 'scripts', 'bench', 'torture']

let root: string
/** Path → the rules that it breaks. */
let broken: Map<string, string[]>

/** The linter's configuration as it is, over files that hold one import each. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'latchkey-lint-'))
  const write = (path: string, source: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `${source}\n`)
  }
  cpSync('.oxlintrc.json', join(root, '.oxlintrc.json'))
  for (const [, from, to] of FORBIDDEN) write(from, `export { x } from '${to}'`)
  for (const [from, to] of ALLOWED) write(from, `export { x } from '${to}'`)
  for (const [path, source] of Object.entries(FORMS)) write(path, source)
  for (const folder of CIRCLES) {
    write(`${folder}/round.ts`, "import { b } from './about.ts'\nexport const a = () => b")
    write(`${folder}/about.ts`, "import { a } from './round.ts'\nexport const b = () => a")
  }
  const oxlint = resolve('node_modules/.bin/oxlint')
  const { stdout } = spawnSync(oxlint, ['--format', 'json'], { cwd: root, encoding: 'utf8' })
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { code: string; filename: string }[]
  }
  const byFile = Map.groupBy(diagnostics, ({ filename }) => filename.replaceAll('\\', '/'))
  broken = new Map([...byFile].map(([path, found]) => [path, found.map(({ code }) => code)]))
})
afterAll(() => rmSync(root, { recursive: true }))

const RESTRICTED = 'eslint(no-restricted-imports)'

describe('refuses', () => {
  it.each(FORBIDDEN)('%s', (_, from) => {
    expect(broken.get(from)).toEqual([RESTRICTED])
  })

  it.each(Object.keys(FORMS))('another form of import, in %s', (path) => {
    expect(broken.get(path)).toContain(RESTRICTED)
  })

  it.each(CIRCLES)('a circle in %s', (folder) => {
    expect(broken.get(`${folder}/round.ts`)).toEqual(['import(no-cycle)'])
  })
})

describe('works', () => {
  it.each(ALLOWED)('%s may import %s', (from) => {
    expect(broken.get(from)).toBeUndefined()
  })
})
