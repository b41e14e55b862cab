import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/**
 * Ends a run with a line of its own, `N passed, N failed`. A file that does not load and an error outside
 * of any test count as a failure each, so that nothing that makes a run fail counts as none.
 */
export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const failed = tests.filter((test) => test.result().state === 'failed').length
    const passed = tests.filter((test) => test.result().state === 'passed').length
    const broken = modules.flatMap((module) => [module, ...module.children.allSuites()])
    const outside = broken.reduce((sum, one) => sum + one.errors().length, errors.length)
    console.log(`\n${passed} passed, ${failed + outside} failed`)
  }
}
