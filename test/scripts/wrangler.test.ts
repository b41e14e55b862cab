import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ENVIRONMENTS, environment, problemsOf } from '../../scripts/check/wrangler.ts'

const toml = readFileSync('wrangler.toml', 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'latchkey-wrangler-'))
afterAll(() => rmSync(folder, { recursive: true }))

const names = Object.values(ENVIRONMENTS).flat()
const all = names.map((name) => environment(name))
const varOf = (name: string | undefined, variable: string) => environment(name).vars[variable]

/** What is wrong with wrangler.toml after a change. */
function problemsAfter(change: (text: string) => string): string[] {
  const file = join(folder, 'wrangler.toml')
  const changed = change(toml)
  expect(changed).not.toBe(toml)
  writeFileSync(file, changed)
  return problemsOf(file)
}

const atTop = (line: string) => (text: string) =>
  text.replace('\n[vars]\n', `\n${line}\n\n[vars]\n`)
const replaced = (from: string, to: string) => (text: string) => text.replace(from, to)

describe('works', () => {
  it('finds nothing wrong with wrangler.toml', () => {
    expect(problemsOf('wrangler.toml')).toEqual([])
  })

  it('accepts an environment that stores no logs at all', () => {
    const off = '\n[env.console.observability]\nenabled = false\n'
    expect(problemsAfter((text) => text + off)).toEqual([])
    expect(problemsAfter((text) => `${text}${off}logs = { enabled = true }\n`)).toEqual([
      expect.stringContaining('latchkey-console: observability.logs.invocation_logs must be false'),
    ])
  })

  it('checks every environment', () => {
    const declared = new Set([...toml.matchAll(/^\[+env\.([\w-]+)/gm)].map(([, name]) => name!))
    expect([...declared].toSorted()).toEqual(names.filter((name) => name !== undefined).toSorted())
  })

  it('gives each environment a name, an issuer and rate limits of its own', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(4)
    const limits = all.flatMap(({ ratelimits = [] }) => ratelimits.map((one) => one.namespace_id))
    expect(new Set(limits).size).toBe(8)
    expect(varOf('staging', 'ISSUER')).not.toBe(varOf(undefined, 'ISSUER'))
  })

  it('gives the console the same values as its public Worker', () => {
    for (const [name, consoleName] of [
      [undefined, 'console'],
      ['staging', 'staging-console'],
    ]) {
      const shared = environment(name).vars
      expect(environment(consoleName).vars).toMatchObject(shared)
    }
  })
})

describe('refuses', () => {
  it.each<[what: string, change: (text: string) => string, finding: RegExp]>([
    [
      'invocation logs',
      replaced('invocation_logs = false', 'invocation_logs = true'),
      /^latchkey: .*invocation_logs must be false/,
    ],
    [
      'invocation logs that are on because the line is gone',
      replaced('invocation_logs = false\n', ''),
      /invocation_logs must be false/,
    ],
    [
      'traces',
      replaced('[observability.traces]\nenabled = false', '[observability.traces]\nenabled = true'),
      /traces\.enabled must be false/,
    ],
    [
      'traces that are on because the line is gone',
      replaced('[observability.traces]\nenabled = false\n', ''),
      /traces\.enabled must be false/,
    ],
    [
      'traces of one environment',
      (text) => `${text}\n[env.staging.observability]\nenabled = true\n`,
      /^latchkey-staging: .*traces/,
    ],
    ['Logpush', atTop('logpush = true'), /logpush must stay off/],
    [
      'Logpush of the console',
      replaced('[env.console]\n', '[env.console]\nlogpush = true\n'),
      /^latchkey-console: logpush/,
    ],
    [
      'a tail Worker',
      atTop('tail_consumers = [{ service = "tail" }]'),
      /tail Worker receives the URL/,
    ],
    [
      'a streaming tail Worker',
      atTop('streaming_tail_consumers = [{ service = "tail" }]'),
      /tail Worker receives the URL/,
    ],
    [
      'issues',
      replaced(
        '[observability.traces]',
        '[observability.issues]\nenabled = true\n\n[observability.traces]',
      ),
      /issues must stay off/,
    ],
    ['a workers.dev host', replaced('workers_dev = false', 'workers_dev = true'), /workers_dev/],
    [
      'a variable that only production has',
      replaced('[vars]\n', '[vars]\nBRAND_COLOR = "#ff0000"\n'),
      /^latchkey-staging: has no variable BRAND_COLOR/,
    ],
    [
      'a variable that only staging has',
      replaced('[env.staging-console.vars]\n', '[env.staging-console.vars]\nDPOP = "required"\n'),
      /^latchkey-console: has no variable DPOP/,
    ],
    [
      'another limit in staging',
      replaced(
        'namespace_id = "2001"\nsimple = { limit = 300',
        'namespace_id = "2001"\nsimple = { limit = 9',
      ),
      /has no ratelimit LIMIT_BY_IP/,
    ],
    [
      'a dataset that only production has',
      (text) =>
        text.replace(
          '# [[analytics_engine_datasets]]\n# binding = "ANALYTICS"\n# dataset',
          '[[analytics_engine_datasets]]\nbinding = "ANALYTICS"\ndataset',
        ),
      /^latchkey-staging: has no dataset ANALYTICS/,
    ],
    [
      'a console without its pages',
      replaced(
        '[env.staging-console.assets]\ndirectory = "public-console"',
        '[env.staging-console.assets]\ndirectory = "public"',
      ),
      /has no assets public-console/,
    ],
  ])('%s', (_what, change, finding) => {
    expect(problemsAfter(change)).toContainEqual(expect.stringMatching(finding))
  })
})
