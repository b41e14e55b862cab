/**
 * Checks infra/ with the tools of AWS and HashiCorp: cfn-lint, and `terraform validate` with the AWS provider. Each
 * is skipped if it is not installed, or if the provider cannot be downloaded.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Plain, run } from '../fail.ts'

type Result = { ok: boolean; output: string } | null

/** @returns null if the command is not installed. */
function command(name: string, args: string[], cwd?: string): Result {
  const { status, error, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8', cwd })
  return error ? null : { ok: status === 0, output: `${stdout}${stderr}`.trim() }
}

function validateTerraform(): Result {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-terraform-'))
  try {
    cpSync('infra/terraform', folder, { recursive: true })
    const flags = ['-no-color', '-input=false', '-backend=false']
    if (!command('terraform', ['init', ...flags], folder)?.ok) return null
    return command('terraform', ['validate', '-no-color'], folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

await run(() => {
  const results: [name: string, result: Result][] = [
    ['cfn-lint', command('cfn-lint', ['infra/cloudformation/latchkey.json'])],
    ['terraform validate', validateTerraform()],
  ]
  const skipped = results.filter(([, result]) => result === null).map(([name]) => name)
  const failed = results.filter(([, result]) => result?.ok === false)
  if (skipped.length > 0) console.log(`skipped: ${skipped.join(', ')}`)
  if (failed.length > 0) throw new Plain(failed.map(([n, r]) => `${n}: ${r!.output}`).join('\n'))
})
