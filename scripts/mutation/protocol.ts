/** How often each mutant was reached, by its id. */
export type Coverage = Record<string, number>

/** One run of one test file. */
export type Work = {
  path: string
  /** Without them, every test of the file runs. */
  testIds?: string[]
  mutant?: string
  hitLimit?: number
  timeoutMs?: number
  /** Stop after the first test that fails. */
  bail: boolean
  cover: boolean
}

export type TestResult = {
  id: string
  name: string
  failed: boolean
  durationMs: number
  message?: string
}

export type FileCoverage = {
  /** While the test file and everything that it imports was loaded. */
  loaded: Coverage
  /** Outside of a test: `beforeAll` and `afterAll`. */
  hooks: Coverage
  tests: Record<string, Coverage>
}

export type Answer = {
  path: string
  tests: TestResult[]
  durationMs: number
  /** The first failure of a test, or of the whole file. */
  failure?: string
  coverage?: FileCoverage
}
