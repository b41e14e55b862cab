/** Lints both OpenAPI documents with Redocly's linter, under the rules of scripts/openapi/redocly.yaml. */
import { spawnSync } from 'node:child_process'
import { Plain, run } from '../fail.ts'
import { CONSOLE_API, PUBLIC_API } from '../openapi/openapi.ts'

/** What `--format=json` prints for one document. */
type Report = { problems: { ruleId: string; message: string; location: { pointer?: string }[] }[] }

/** The linter would otherwise report its use to its maker, and ask the registry for a newer version. */
const OFFLINE = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }

const REDOCLY = 'node_modules/@redocly/cli/bin/cli.js'

/** @returns one line for each error or warning. */
export function lint(file: string): string[] {
  const flags = ['--config=scripts/openapi/redocly.yaml', '--format=json', '--max-problems=100']
  const { stdout, stderr } = spawnSync(process.execPath, [REDOCLY, 'lint', file, ...flags], {
    encoding: 'utf8',
    env: { ...process.env, ...OFFLINE },
  })
  if (!stdout.startsWith('{')) throw new Plain(`redocly lint ${file}: ${stderr.trim()}`)
  const { problems } = JSON.parse(stdout) as Report
  return problems.map(
    ({ ruleId, message, location: [at] }) => `${file}${at?.pointer ?? ''}: ${message} (${ruleId})`,
  )
}

if (import.meta.main) {
  await run(() => {
    const problems = [PUBLIC_API, CONSOLE_API].flatMap(({ file }) => lint(file))
    if (problems.length > 0) throw new Plain(problems.join('\n'))
    console.log('0 errors and warnings')
  })
}
