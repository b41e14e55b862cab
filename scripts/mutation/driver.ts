/**
 * Runs inside workerd as the only test file of a Vitest run. It asks the command for work, and runs test files again and
 * again in the same isolate. So a mutant costs the tests that reach it, not a start of Vitest.
 */
import { startTests } from 'vitest/internal/browser'
import { inject, TestRunner } from 'vitest'
import type { File, Task, Test } from '@vitest/runner'
import type { Answer, Coverage, TestResult, Work } from './protocol.ts'

/** What Stryker's instrumented code reads and writes. */
const stryker: {
  activeMutant: string | undefined
  currentTestId: string | undefined
  hitCount: number | undefined
  hitLimit: number | undefined
  mutantCoverage: { static: Coverage; perTest: Record<string, Coverage> }
} = {
  activeMutant: undefined,
  currentTestId: undefined,
  hitCount: undefined,
  hitLimit: undefined,
  mutantCoverage: { static: {}, perTest: {} },
}
Object.assign(globalThis, { __stryker__: stryker })

const endpoint: string = inject('mutationEndpoint' as never)

/** Vitest's state in this isolate. */
const vitest = (
  globalThis as unknown as {
    __vitest_worker__: {
      config: TestRunner['config']
      evaluatedModules: { idToModuleMap: Map<string, { importers: Set<string> }> }
    }
  }
).__vitest_worker__

class Runner extends TestRunner {
  readonly results: TestResult[] = []
  loaded: Coverage = {}
  readonly #bail: boolean

  constructor(config: TestRunner['config'], bail: boolean) {
    super(config)
    this.#bail = bail
    // Vitest's own runner gets its traces from Vitest, which does not know this one.
    this.trace = ((_: string, attributes: unknown, run?: () => unknown) =>
      (run ?? (attributes as () => unknown))()) as TestRunner['trace']
  }

  override importFile(path: string): unknown {
    return import(/* @vite-ignore */ path)
  }

  onCollected(): void {
    this.loaded = stryker.mutantCoverage.static
    stryker.mutantCoverage.static = {}
  }

  override async onBeforeRunTask(test: Test): Promise<void> {
    await super.onBeforeRunTask(test)
    stryker.currentTestId = test.id
  }

  override onAfterRunTask(test: Test): void {
    super.onAfterRunTask(test)
    stryker.currentTestId = undefined
    const { state, duration = 0, errors } = test.result ?? {}
    if (state === 'fail' && this.#bail) this.cancel('test-failure')
    if (state !== 'pass' && state !== 'fail') return
    const message = errors?.[0]?.message?.slice(0, 300)
    const failed = state === 'fail'
    this.results.push({
      id: test.id,
      name: nameOf(test),
      failed,
      durationMs: duration,
      ...(message && { message }),
    })
  }
}

const nameOf = (task: Task): string =>
  task.suite && task.suite !== task.file ? `${nameOf(task.suite)} > ${task.name}` : task.name

const failureOf = (file: File): string | undefined =>
  file.result?.state === 'fail' ? (file.result.errors?.[0]?.message ?? 'failed') : undefined

/**
 * Makes the next import of each module run it again. A constant, and what `lazily` keeps, would otherwise still have
 * the last mutant in it. Packages stay: no mutant is in them.
 */
function forgetModules(): void {
  for (const [path, module] of vitest.evaluatedModules.idToModuleMap) {
    const isOurs = path.endsWith('.ts') && !path.includes('/node_modules/')
    if (!isOurs || path.endsWith('/driver.ts')) continue
    Object.assign(module, { promise: undefined, exports: undefined, evaluated: false })
    module.importers.clear()
  }
}

async function runFile(path: string, testIds: string[] | undefined, work: Work): Promise<Answer> {
  const startedAt = Date.now()
  forgetModules()
  stryker.mutantCoverage.static = {}
  stryker.mutantCoverage.perTest = {}
  stryker.activeMutant = work.mutant
  stryker.hitCount = work.hitLimit === undefined ? undefined : 0
  stryker.hitLimit = work.hitLimit
  const { config } = vitest
  const timeout = work.timeoutMs ?? config.testTimeout
  const runner = new Runner({ ...config, testTimeout: timeout, hookTimeout: timeout }, work.bail)
  const [file] = await startTests([{ filepath: path, ...(testIds && { testIds }) }], runner)
  stryker.activeMutant = undefined
  const failure = runner.results.find(({ failed }) => failed)?.message ?? failureOf(file!)
  return {
    path,
    tests: runner.results,
    durationMs: Date.now() - startedAt,
    ...(failure !== undefined && { failure }),
    ...(work.cover && {
      coverage: {
        loaded: runner.loaded,
        hooks: stryker.mutantCoverage.static,
        tests: stryker.mutantCoverage.perTest,
      },
    }),
  }
}

// While Vitest still collects: inside of a test, it refuses `describe` and `it`.
for (let answer: Answer | undefined; ;) {
  const response = await fetch(endpoint, { method: 'POST', body: JSON.stringify(answer ?? null) })
  const work = (await response.json()) as Work | null
  if (!work) break
  answer = await runFile(work.path, work.testIds, work)
}
