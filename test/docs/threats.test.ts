import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const NUMBERS = /\bT\d+(?:, T\d+)*:/g
const ROW = /^\| (T\d+) \| .+ \| (.+) \|$/gm
const NONE = 'no test of its own yet'

/** Number → files with a test that names it. */
const shown = new Map<string, Set<string>>()
for (const file of globSync('{test,client}/**/*.test.ts')) {
  for (const [numbers] of readFileSync(file, 'utf8').matchAll(NUMBERS)) {
    for (const [number] of numbers.matchAll(/T\d+/g)) {
      shown.set(number, (shown.get(number) ?? new Set()).add(file))
    }
  }
}
const rows = [...readFileSync('docs/threats.md', 'utf8').matchAll(ROW)].map(
  ([, number, files]) => ({ number: number!, files: files! }),
)

describe('docs/threats.md', () => {
  it('names for each promise only files that have a test of it', () => {
    for (const { number, files } of rows.filter(({ files }) => files !== NONE)) {
      const named = files.split(', ').map((file) => file.replaceAll('`', ''))
      expect([number, named.filter((file) => !shown.get(number)?.has(file))]).toEqual([number, []])
    }
  })

  it('says of none that it has no test when it has one', () => {
    const untested = rows.filter(({ files }) => files === NONE).map(({ number }) => number)
    expect(untested.filter((number) => shown.has(number))).toEqual([])
  })

  it('has every number that a test names, once', () => {
    const numbers = rows.map(({ number }) => number)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect([...shown.keys()].filter((number) => !numbers.includes(number))).toEqual([])
  })
})
