/**
 * After a restore from a backup: `npm run restore`. Reports what changed between the point of time that was restored
 * and the end of the old tables, and copies what you name. Without `--copy` it changes nothing. docs/runbook.md says
 * when to run it.
 */
import { parseArgs } from 'node:util'
import { Plain, run } from '../fail.ts'
import { dynamoCall } from '../tables/dynamo-call.ts'
import { awsFromEnv } from '../tables/tables.ts'
import { compareTables, KINDS, type Comparison, type Kind } from './differences.ts'

const HELP = `npm run restore -- [--approvals TABLE] [--tokens TABLE] [--copy KIND,…]

  --approvals TABLE   the restored table of approvals
  --tokens TABLE      the restored table of tokens
  --copy KIND,…       copies these rows from the old table to the restored one:
                        withdrawn    approvals that were withdrawn since
                        changed      approvals that were changed since
                        created      approvals that are new since
                        identities   user ids that are new since

  APPROVALS_TABLE and TOKENS_TABLE name the old tables, if they do not have the default names.
  AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are needed, of a user who may read both
  tables and write the restored one.`

const say = (word: string, what: string): void => console.log(`${word.padEnd(10)} ${what}`)

function report({ differences, gone }: Comparison): void {
  for (const { kind, name } of differences) say(kind, name)
  for (const { what, name, emails } of gone) {
    say('gone', `${what} ${[...new Set([name, ...emails])].join(' ')}`)
  }
}

function readKinds(given: string | undefined): Kind[] {
  if (given === undefined) return []
  return given.split(',').map((name) => {
    const kind = KINDS.find((one) => one === name)
    if (kind === undefined) throw new Plain(`--copy must be one of ${KINDS.join(', ')}`)
    return kind
  })
}

await run(async () => {
  const { values } = parseArgs({
    options: {
      approvals: { type: 'string' },
      tokens: { type: 'string' },
      copy: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return console.log(HELP)
  const { approvals, tokens, copy } = values
  if (!approvals && !tokens) throw new Plain(`Name a restored table.\n\n${HELP}`)
  const kinds = readKinds(copy)
  const aws = awsFromEnv(process.env)
  const old = { approvals: process.env['APPROVALS_TABLE'], tokens: process.env['TOKENS_TABLE'] }
  const comparison = await compareTables(aws, old, { approvals, tokens })
  report(comparison)
  const wanted = comparison.differences.filter(({ kind }) => kinds.includes(kind))
  for (const { table: TableName, row: Item } of wanted) {
    await dynamoCall(aws, 'PutItem', { TableName, Item })
  }
  say('copied', `${wanted.length} of ${comparison.differences.length} rows that differ`)
})
