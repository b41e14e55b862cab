import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { CASES } from '../../../torture/cases/cases.ts'

/** The walk is an argument about code: this finds a case that it leaves out, and a function that has gone. */
const walk = readFileSync('packages/swift/WALKTHROUGH.md', 'utf8')
const rows = [...walk.matchAll(/^\| `([\w-]+)` \| (.+) \| (.+) \|$/gm)].map(
  ([, name, , where]) => ({
    name: name!,
    where: where!,
  }),
)
const sources = new Map(
  globSync('packages/swift/Sources/**/*.swift').map((file) => [
    basename(file),
    readFileSync(file, 'utf8'),
  ]),
)

/** `retry`, `post` (`Issuer.swift`) → the functions with their file. */
const placesIn = (where: string) =>
  [...where.matchAll(/((?:`\w+`(?:, )?)+) \(`(\w+\.swift)`\)/g)].flatMap(([, names, file]) =>
    [...names!.matchAll(/\w+/g)].map(([name]) => ({ name, file: file! })),
  )

const isThere = ({ name, file }: { name: string; file: string }): boolean =>
  new RegExp(`\\b(?:func|var) ${name}\\b`).test(sources.get(file) ?? '')

it('goes through every case of the kit once, and through no other', () => {
  expect(rows.map(({ name }) => name).toSorted()).toEqual(CASES.map(({ name }) => name).toSorted())
})

it.each(rows)('names functions that are there: $name', ({ where }) => {
  const places = placesIn(where)
  expect(places).not.toEqual([])
  expect(places.filter((place) => !isThere(place))).toEqual([])
  expect(where.replace(/(?:`\w+`(?:, )?)+ \(`\w+\.swift`\)(?:, )?/g, '')).toBe('')
})

it('finds a function that has gone, and one that is in another file', () => {
  expect(isThere({ name: 'retry', file: 'Retry.swift' })).toBe(true)
  expect(isThere({ name: 'retryOnce', file: 'Retry.swift' })).toBe(false)
  expect(isThere({ name: 'retry', file: 'Refresh.swift' })).toBe(false)
})

it('says at the top of the README and of the main source that no compiler has seen them', () => {
  const top = (file: string) =>
    readFileSync(`packages/swift/${file}`, 'utf8').split('\n').slice(0, 3).join('\n')
  for (const file of ['README.md', 'Sources/Latchkey/Latchkey.swift', 'Sample/SampleApp.swift']) {
    expect(top(file)).toMatch(/parsed, never compiled here/i)
  }
})
