import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const text = readFileSync('docs/operations.md', 'utf8')
const sources = globSync('src/**/*.ts')
  .filter((file) => file !== join('src', 'base', 'log.ts'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')
/** The lines of the table that begins with this header. */
const table = (header: string) => text.slice(text.indexOf(`| ${header} |`)).split('\n\n')[0]!

/** The names in the first column of a table. */
const firstColumn = (header: string) =>
  table(header)
    .split('\n')
    .flatMap((line) => [...line.split(' | ')[0]!.matchAll(/`(\w+)`/g)].map(([, name]) => name!))

it('has every event that is logged, and no other', () => {
  const log = readFileSync('src/base/log.ts', 'utf8')
  const declared = [...log.matchAll(/^  \| '(\w+)'$/gm)].map(([, event]) => event!)
  expect(declared.length).toBeGreaterThan(10)
  expect(declared.filter((event) => !sources.includes(`'${event}'`))).toEqual([])
  expect(firstColumn('event').toSorted()).toEqual(declared.toSorted())
})

it('has every field that a line of the log has', () => {
  const fields = firstColumn('field')
  expect(fields.length).toBeGreaterThan(15)
  const logged = [...sources.matchAll(/(?:log\.(?:event|line)|writeLine)\([^{;]*\{([^}]*)\}/g)]
    .flatMap(([, members]) => [...members!.matchAll(/(?:^|[,{]\s*)(\w+)(?=[,:\s]|$)/g)])
    .map(([, name]) => name!)
  expect(logged.length).toBeGreaterThan(20)
  expect([...new Set(logged)].filter((name) => !fields.includes(name))).toEqual([])
})

it('names every reason for which a message is not sent, and no other', () => {
  const row = table('event')
    .split('\n')
    .find((line) => line.startsWith('| `link_not_sent` '))!
  const [, said = ''] = /with `reason`(.*?)`failed`/.exec(row)!
  const named = [...said.matchAll(/`(\w+)`/g)].map(([, reason]) => reason!)
  const code = ['ask', 'deliver', 'resend']
    .map((name) => readFileSync(`src/ask/${name}.ts`, 'utf8'))
    .join('\n')
  // The unions that whyNotSent and whyNotResent return, and the choice in deliver.
  const reasons = [...code.matchAll(/^(?:\): .*| *const reason = .* \? '.*)$/gm)]
    .flatMap(([line]) => [...line.matchAll(/'(\w+)'/g)])
    .map(([, reason]) => reason!)
  expect(reasons.length).toBeGreaterThan(4)
  expect(named.toSorted()).toEqual([...new Set(reasons)].toSorted())
})

it('names every reason for which a sign-in or a refresh is refused', () => {
  const named = new Set([...table('event').matchAll(/`(\w+)`/g)].map(([, name]) => name!))
  const unionOf = (file: string, type: string) =>
    [
      ...new RegExp(`type ${type} =([^\\n]*(?:\\n  [^\\n]*)*)`)
        .exec(readFileSync(file, 'utf8'))![1]!
        .matchAll(/'(\w+)'/g),
    ].map(([, reason]) => reason!)
  const reasons = [
    ...unionOf('src/sign-in/refusal.ts', 'SignInRefusal'),
    ...unionOf('src/model/link.ts', 'LinkRefusal'),
    ...unionOf('src/session/refresh.ts', 'RefreshRefusal'),
    ...unionOf('src/model/live-session.ts', 'SessionRefusal'),
  ]
  expect(reasons.length).toBeGreaterThan(15)
  // This one gets its session again.
  expect(reasons.filter((reason) => !named.has(reason))).toEqual(['used_by_this_device'])
})
