/**
 * Writes the IAM policy of each Worker into infra/iam: `npm run policies`. With `--check`, it only checks that the files
 * agree with grants.ts.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Plain, run } from '../fail.ts'
import { GRANTS, type Grant, type WorkerName } from './grants.ts'

const FOLDER = 'infra/iam'

/** The IAM policy document (version 2012-10-17) for the user or role of one Worker. */
export function policyText(worker: WorkerName): string {
  const document = {
    Version: '2012-10-17',
    Statement: [
      ...GRANTS[worker].map((grant) => ({
        Effect: 'Allow',
        Action: grant.actions.map((action) => `dynamodb:${action}`),
        Resource: resourcesOf(grant),
      })),
      // Both Workers send links: the public one for the app, the console for a sign-in to itself.
      { Effect: 'Allow', Action: ['ses:SendEmail'], Resource: ['arn:aws:ses:*:*:*'] },
      {
        Effect: 'Allow',
        Action: ['sms-voice:SendTextMessage'],
        Resource: ['arn:aws:sms-voice:*:*:*'],
      },
    ],
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function resourcesOf({ table, indexes }: Grant): string[] {
  const arn = `arn:aws:dynamodb:*:*:table/${table}`
  return indexes === undefined ? [arn] : indexes.map((index) => `${arn}/index/${index}`)
}

export const fileOf = (worker: WorkerName): string => `${FOLDER}/latchkey-${worker}.json`

if (import.meta.main) {
  await run(() => {
    const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
    const workers = Object.keys(GRANTS) as WorkerName[]
    const stale = workers.filter((worker) => {
      const made = policyText(worker)
      if (!values.check) writeFileSync(fileOf(worker), made)
      return readFileSync(fileOf(worker), 'utf8') !== made
    })
    if (stale.length > 0) {
      const files = stale.map(fileOf).join(', ')
      throw new Plain(`${files} is not what scripts/policies/grants.ts says: npm run policies`)
    }
    console.log(`${workers.map(fileOf).join(', ')}: as the grants say`)
  })
}
