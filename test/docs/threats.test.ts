import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const NUMBERS = /\bT\d+(?:, T\d+)*:/g
const ROW = /^\| (T\d+) \| .+ \| (.+) \|$/gm
/** Not built yet. The row says what it waits for. */
const PLANNED = /^planned: \S.{20,}/

/** Number → files with a test that names it. */
const shown = new Map<string, Set<string>>()
for (const file of globSync('test/**/*.test.ts')) {
  for (const [numbers] of readFileSync(file, 'utf8').matchAll(NUMBERS)) {
    for (const [number] of numbers.matchAll(/T\d+/g)) {
      shown.set(number, (shown.get(number) ?? new Set()).add(file))
    }
  }
}
const rows = [...readFileSync('docs/threats.md', 'utf8').matchAll(ROW)].map(
  ([, number, files]) => ({ number: number!, files: files! }),
)
const planned = rows.filter(({ files }) => PLANNED.test(files))
const promised = rows.filter((row) => !planned.includes(row))

describe('docs/threats.md', () => {
  it('names for each promise the files that have a test of it, and no other', () => {
    expect(promised.length).toBeGreaterThan(50)
    for (const { number, files } of promised) {
      expect([number, files]).toEqual([number, expect.stringMatching(/^`[^`]+`(?:, `[^`]+`)*$/)])
      const named = files.split(', ').map((file) => file.replaceAll('`', ''))
      expect([number, named.filter((file) => !shown.get(number)?.has(file))]).toEqual([number, []])
    }
  })

  it('does not call a promise planned if a test shows it', () => {
    expect(planned.map(({ number }) => number).filter((number) => shown.has(number))).toEqual([])
  })

  it('has every number in test names, once', () => {
    const numbers = rows.map(({ number }) => number)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect([...shown.keys()].filter((number) => !numbers.includes(number))).toEqual([])
  })
})
