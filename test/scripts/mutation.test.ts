import { describe, expect, it } from 'vitest'
import { folderOf } from '../../scripts/mutation/folders.ts'
import type { Mutant } from '../../scripts/mutation/instrument.ts'
import { planFor, shuffled, type Covered } from '../../scripts/mutation/plan.ts'
import { stratified, wilson } from '../../scripts/mutation/score.ts'

const mutant = (key: string, file = 'src/model/link.ts'): Mutant => ({
  id: key,
  key,
  file,
  fileHash: '',
  line: 1,
  column: 1,
  mutator: 'BooleanLiteral',
  original: 'true',
  replacement: 'false',
})

const file = (path: string, durationMs: number, hits: Record<string, number>): Covered => ({
  path,
  loaded: [],
  hooks: {},
  tests: [{ id: `${path}-1`, name: 'works', durationMs, hits }],
})

describe('works', () => {
  it('plans the mirrored test first, then the file that found the most, then the quickest, and only tests that reach the mutant', () => {
    const covered = [
      file('test/sign-in/sign-in.test.ts', 10, { a: 1 }),
      file('test/session/end.test.ts', 20, { a: 1 }),
      file('test/app/input.test.ts', 30, { a: 1 }),
      file('test/model/link.test.ts', 40, { a: 2 }),
      file('test/model/session.test.ts', 1, { b: 1 }),
    ]
    const plan = planFor(mutant('a'), ['a', 'b'], covered, { 'test/app/input.test.ts': 3 })
    expect(plan.map(({ path }) => path)).toEqual([
      'test/model/link.test.ts',
      'test/app/input.test.ts',
      'test/sign-in/sign-in.test.ts',
      'test/session/end.test.ts',
    ])
    expect(plan[0]).toMatchObject({
      testIds: ['test/model/link.test.ts-1'],
      hitLimit: 200,
    })
  })

  it('plans the tests that reach its neighbours for a mutant in code that runs when its module is loaded, and all tests for code that runs once', () => {
    const covered = [
      { ...file('test/model/link.test.ts', 10, { b: 1 }), loaded: ['a'] },
      { ...file('test/app/input.test.ts', 10, { c: 1 }), loaded: ['a'] },
    ]
    const plan = planFor(mutant('a'), ['a', 'b'], covered)
    expect(plan.map(({ path }) => path)).toEqual(['test/model/link.test.ts'])
    const first = file('test/model/link.test.ts', 10, { a: 1 })
    const second = { id: 'second', name: 'works too', durationMs: 10, hits: {} }
    const lazy = { ...first, tests: [...first.tests, second] }
    expect(planFor(mutant('a'), ['a', 'b'], [lazy])[0]?.testIds).toHaveLength(2)
  })

  it('keeps the order of a sample when mutants come and go', () => {
    const keys = Array.from({ length: 50 }, (_, at) => `k${at}`)
    const order = (of: string[]): string[] =>
      shuffled(
        of.map((key) => mutant(key)),
        's',
      ).map(({ key }) => key)
    const without = order(keys.filter((key) => key !== 'k7'))
    expect(order(keys).filter((key) => key !== 'k7')).toEqual(without)
    expect(order(keys)).not.toEqual(keys)
  })

  it("gives Wilson's interval, and weighs each folder by its mutants", () => {
    const [low, high] = wilson(90, 100)
    expect(low).toBeCloseTo(0.826, 3)
    expect(high).toBeCloseTo(0.945, 3)
    expect(wilson(0, 0)).toEqual([0, 1])
    const all = stratified([
      { mutants: 300, sampled: 100, detected: 90 },
      { mutants: 100, sampled: 100, detected: 50 },
    ])
    expect(all.share).toBeCloseTo(0.8, 6)
    // The second folder was tested whole, so only the first one adds doubt.
    expect(all.high - all.low).toBeCloseTo(
      2 * 1.96 * 0.75 * Math.sqrt((0.09 / 100) * (200 / 299)),
      6,
    )
  })
})

describe('refuses', () => {
  it('to count pages, words and tests', () => {
    expect(folderOf('src/console/guards.ts')).toBe('console')
    expect(folderOf('src/sign-in/sign-in.ts')).toBe('sign-in')
    expect(folderOf('src/console/pages/people.ts')).toBeUndefined()
    expect(folderOf('src/console/why/words/de.ts')).toBeUndefined()
    expect(folderOf('src/base/log.ts')).toBeUndefined()
    expect(folderOf('test/model/link.test.ts')).toBeUndefined()
  })
})
