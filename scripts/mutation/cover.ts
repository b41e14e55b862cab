import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import type { Mutant } from './instrument.ts'
import type { Covered } from './plan.ts'
import type { Coverage } from './protocol.ts'
import type { Sessions } from './session.ts'

/** The tests that can notice a mutant. Tests of clients and of the torture kit reach these folders only through them. */
const TESTS = 'test/{model,dynamo,crypto,sign-in,session,console,account,app,ask,http}/**/*.test.ts'
/** Statistics over many samples: too slow to run for each mutant. */
const NOT_TESTS = ['test/ask/alike.test.ts']

const FILE_MS = 300_000

type Cache = Record<string, { hash: string; covered: Covered; failed: string[] }>

/** Runs every test once, without a mutant. Results are kept for as long as neither the sources nor the test change. */
export async function cover(
  tree: string,
  mutants: Mutant[],
  sessions: Sessions,
  cachePath: string,
): Promise<{ covered: Covered[]; failed: string[] }> {
  const sources = hash(mutants.map(({ fileHash, key }) => fileHash + key).join())
  const cache = existsSync(cachePath) ? (JSON.parse(readFileSync(cachePath, 'utf8')) as Cache) : {}
  const keys = new Map(mutants.map(({ id, key }) => [id, key]))
  const paths = globSync(TESTS, { cwd: tree }).filter((path) => !NOT_TESTS.includes(path))
  const kept: Cache = {}
  for (const path of paths.toSorted()) {
    const now = hash(sources + readFileSync(join(tree, path), 'utf8'))
    if (cache[path]?.hash !== now) {
      const answer = await sessions.run(
        { path: join(tree, path), bail: false, cover: true },
        FILE_MS,
      )
      if (!answer?.coverage || answer.tests.length === 0) {
        console.log(`left out: ${path} (${answer?.failure ?? 'no answer'})`)
        continue
      }
      const { coverage, tests, durationMs } = answer
      console.log(`${path}: ${tests.length} tests in ${(durationMs / 1000).toFixed(1)} s`)
      const byKey = (of: Coverage = {}): Coverage =>
        Object.fromEntries(
          Object.entries(of).flatMap(([id, hits]) => (keys.has(id) ? [[keys.get(id)!, hits]] : [])),
        )
      cache[path] = {
        hash: now,
        failed: tests
          .filter((test) => test.failed)
          .map(({ name, message }) => `${path}: ${name}: ${message}`),
        covered: {
          path,
          loaded: Object.keys(byKey(coverage.loaded)),
          hooks: byKey(coverage.hooks),
          tests: tests
            .filter((test) => !test.failed)
            .map(({ id, name, durationMs: ms }) => ({
              id,
              name,
              durationMs: Math.round(ms),
              hits: byKey(coverage.tests[id]),
            })),
        },
      }
      writeFileSync(cachePath, JSON.stringify(cache))
    }
    kept[path] = cache[path]!
  }
  const all = Object.values(kept)
  return { covered: all.map((file) => file.covered), failed: all.flatMap((file) => file.failed) }
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)
