/**
 * Writes the files in infra/: `npm run infra`. With `--check`, it only checks that they match grants.ts and
 * src/base/tables.ts.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { Plain, run } from '../fail.ts'
import { cloudFormation } from './cloudformation.ts'
import { policyOf, WORKERS } from './iam.ts'
import { terraform } from './terraform.ts'
import { trustPolicyOf } from './trust.ts'

/** Each file of infra/ with its content. */
export const INFRA_FILES: Record<string, string> = Object.fromEntries(
  [
    ...WORKERS.map((worker) => [`infra/iam/latchkey-${worker}.json`, policyOf(worker)] as const),
    ...WORKERS.map(
      (worker) =>
        [
          `infra/iam/latchkey-${worker}-trust.json`,
          trustPolicyOf(
            worker,
            'auth.example.com',
            'arn:aws:iam::123456789012:oidc-provider/auth.example.com',
          ),
        ] as const,
    ),
    ['infra/cloudformation/latchkey.json', cloudFormation()] as const,
    ['infra/terraform/latchkey.tf.json', terraform()] as const,
  ].map(([file, content]) => [file, `${JSON.stringify(content, null, 2)}\n`]),
)

/** @returns '' if the file does not exist. */
const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

if (import.meta.main) {
  await run(() => {
    const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
    const stale = Object.entries(INFRA_FILES).filter(([file, made]) => textOf(file) !== made)
    const names = stale.map(([file]) => file).join(', ')
    if (values.check && stale.length > 0)
      throw new Plain(`${names}: out of date. Run npm run infra`)
    for (const [file, made] of stale) {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, made)
    }
    console.log(stale.length === 0 ? 'infra/: up to date' : `written: ${names}`)
  })
}
