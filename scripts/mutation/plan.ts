import { createHash } from 'node:crypto'
import type { Mutant } from './instrument.ts'
import type { Coverage, Work } from './protocol.ts'

/** What one test file did without an active mutant. Coverage is by a mutant's key. */
export type Covered = {
  path: string
  loaded: string[]
  hooks: Coverage
  tests: { id: string; name: string; durationMs: number; hits: Coverage }[]
}

/** What one mutant costs at most: test files, and the time of their tests without a mutant. */
const MAX_FILES = 6
const MAX_TESTS_MS = 25_000

/** A stable random order: the same seed gives the same order, also after other mutants have come or gone. */
export const shuffled = (mutants: Mutant[], seed: string): Mutant[] =>
  mutants
    .map((mutant) => ({
      mutant,
      at: createHash('sha256').update(`${seed}:${mutant.key}`).digest('hex'),
    }))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ mutant }) => mutant)

export type Plan = Pick<Work, 'path' | 'testIds' | 'hitLimit' | 'timeoutMs'>[]

/** `src/model/link.ts` → `test/model/link.test.ts`. */
const mirrorOf = (file: string): string =>
  file.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts')

const folderOf = (file: string): string => file.split('/').slice(1, -1).join('/')

/**
 * The test files that may notice a mutant, best first, with the tests of each. The mirrored test comes first, then the
 * files that found the most mutants of the same source file, then the quickest.
 * @param neighbours keys of the mutants in the same source file.
 * @param patience multiplies what the mutant may cost.
 */
export function planFor(
  mutant: Mutant,
  neighbours: string[],
  covered: Covered[],
  kills: Record<string, number> = {},
  patience = 1,
): Plan {
  const isLoaded = covered.some(({ loaded }) => loaded.includes(mutant.key))
  const rank = (path: string): number[] => [
    path === mirrorOf(mutant.file) ? 0 : 1,
    -(kills[path] ?? 0),
    folderOf(path) === folderOf(mutant.file) ? 0 : 1,
  ]
  const files = covered
    .map((file) => {
      const reached = hitsOf(file, mutant.key)
      // A constant is read when its module is loaded: all tests that reach its neighbours may depend on it. What
      // `lazily` makes is made by the first test, and used by any.
      const keys = isLoaded ? neighbours : [mutant.key]
      const isShared = reached === 1 || keys.some((key) => file.hooks[key])
      const tests = file.tests.filter(({ hits }) => isShared || keys.some((key) => hits[key]))
      const ms = tests.reduce((sum, { durationMs }) => sum + durationMs, 0)
      return { path: file.path, tests, ms, reached }
    })
    .filter(({ tests }) => tests.length > 0)
    .toSorted((a, b) => compare([...rank(a.path), a.ms], [...rank(b.path), b.ms]))
  const plan: Plan = []
  let totalMs = 0
  for (const { path, tests, ms, reached } of files) {
    if (plan.length === MAX_FILES * patience) break
    if (plan.length > 0 && totalMs + ms > MAX_TESTS_MS * patience) continue
    totalMs += ms
    plan.push({
      path,
      testIds: tests.map(({ id }) => id),
      // A loop that does not end any more. The factor is Stryker's.
      hitLimit: Math.max(1, reached) * 100,
      timeoutMs: 10_000 + 3 * Math.max(...tests.map(({ durationMs }) => durationMs)),
    })
  }
  return plan
}

const hitsOf = ({ hooks, tests }: Covered, key: string): number =>
  tests.reduce((sum, { hits }) => sum + (hits[key] ?? 0), hooks[key] ?? 0)

function compare(a: number[], b: number[]): number {
  const at = a.findIndex((value, index) => value !== b[index])
  return at < 0 ? 0 : a[at]! - b[at]!
}
