import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseConfig } from '../../src/base/config.ts'
import { variables } from '../../src/base/variables.ts'
import { workerBindings } from '../support/node/worker-bindings.ts'

const text = readFileSync('docs/configuration.md', 'utf8')
const ROW = /^\| ((?:`[A-Z_]+`(?:, )?)+) \| (.+) \|$/gm
const BINDINGS = ['ASSETS', 'LIMIT_BY_IP', 'LIMIT_BY_IP_AND_ADDRESS']
/** Name → what stands in the next column: the default, or for a secret or binding the effect. */
const rowsOf = (part: string) =>
  new Map(
    [...part.matchAll(ROW)].flatMap(([, names, rest]) =>
      [...names!.matchAll(/`([A-Z_]+)`/g)].map(
        ([, name]) => [name!, rest!.split(' | ')[0]!] as const,
      ),
    ),
  )
const said = rowsOf(text)
const saidDefaults = rowsOf(text.slice(0, text.indexOf('\n## Secrets')))

it('has every variable, secret and binding that the Worker reads, and no other', () => {
  const known = new Set([...Object.keys(variables()), ...BINDINGS])
  expect([...said.keys()].toSorted()).toEqual([...known].toSorted())
})

it('has every binding that wrangler.toml sets', () => {
  const toml = readFileSync('wrangler.toml', 'utf8')
  const set = [...toml.matchAll(/^(?:binding|name) = "([A-Z_]+)"$/gm)].map(([, name]) => name!)
  expect([...new Set(set)].toSorted()).toEqual(BINDINGS)
})

it('says the limits of the rate-limit bindings as wrangler.toml sets them', () => {
  const toml = readFileSync('wrangler.toml', 'utf8')
  const limits = [
    ...toml.matchAll(/name = "(LIMIT\w+)"[^[]+simple = \{ limit = (\d+), period = 60 \}/g),
  ]
  // Each of the two Workers has both, in production and in staging.
  expect(limits).toHaveLength(8)
  for (const [, name, limit] of limits) expect(said.get(name!)).toContain(`${limit} a minute`)
})

it('says which variables are needed, and the defaults of the others', () => {
  const needed = [...said].filter(([, text]) => /^needed/i.test(text)).map(([name]) => name)
  const bindings = Object.entries(workerBindings('http://127.0.0.1:9', 'http://127.0.0.1:9'))
  const config = parseConfig(Object.fromEntries(bindings.filter(([name]) => needed.includes(name))))
  const defaults = Object.entries(config).filter(
    ([name]) => !needed.includes(name) && saidDefaults.has(name),
  )
  expect(defaults.length).toBeGreaterThan(15)
  for (const [name, value] of defaults) {
    const absent = value === undefined || (Array.isArray(value) && value.length === 0)
    const text = absent
      ? /^(?:none|AWS)$/
      : new RegExp(
          `^${(Array.isArray(value) ? (value as string[]).join(',') : JSON.stringify(value)).replaceAll('"', '')}$`,
        )
    expect([name, said.get(name)?.replaceAll('`', '')]).toEqual([name, expect.stringMatching(text)])
  }
})
