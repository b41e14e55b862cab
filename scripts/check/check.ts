import { spawnSync } from 'node:child_process'
import { run, Plain } from '../fail.ts'

/** Every check except the tests. Each is a command that can also be run alone. */
const CHECKS: [name: string, command: string[]][] = [
  ['types', ['tsc', '-p', 'tsconfig.json']],
  ['types of Node', ['tsc', '-p', 'tsconfig.node.json']],
  ['types of client', ['tsc', '-p', 'packages/client', '--noEmit']],
  ['types of expo', ['tsc', '-p', 'packages/expo', '--noEmit']],
  ['types of testing', ['tsc', '-p', 'packages/testing', '--noEmit']],
  ['types of verify', ['tsc', '-p', 'packages/verify', '--noEmit']],
  ['lint', ['oxlint', '--type-aware', '--deny-warnings']],
  ['format', ['prettier', '--check', '--log-level', 'warn', '.']],
  ['openapi', ['node', 'scripts/openapi/openapi.ts', '--check']],
  ['openapi linter', ['node', 'scripts/check/openapi.ts']],
  ['wrangler.toml', ['node', 'scripts/check/wrangler.ts']],
  ['infra', ['node', 'scripts/infra/infra.ts', '--check']],
  ['infra linters', ['node', 'scripts/check/infra.ts']],
  ['link page', ['node', 'link-page/build.ts', '--check']],
  ['mail texts', ['node', 'scripts/check/mail-texts.ts']],
  ['bundle', ['node', 'scripts/check/bundle.ts']],
  ['audit', ['node', 'scripts/check/audit.ts']],
]

/** A check that could not run prints `skipped: …`, and has not failed. */
function verdict(status: number | null, output: string): string {
  if (status !== 0) return 'FAIL'
  return output.startsWith('skipped: ') ? 'skip' : 'ok  '
}

/** Runs all checks, even after one has failed. */
await run(() => {
  const failed = CHECKS.filter(([name, [command = '', ...args]]) => {
    const startedAt = performance.now()
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    const output = `${stdout}${stderr}`.trim()
    console.log(`${verdict(status, output)} ${name} (${seconds} s)`)
    if (output) console.log(output.replace(/^/gm, '     '))
    return status !== 0
  })
  if (failed.length > 0) throw new Plain(`failed: ${failed.map(([name]) => name).join(', ')}`)
})
