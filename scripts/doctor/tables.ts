import { normaliseEmail } from '../../src/base/email-address.ts'
import { APPROVALS_TABLE, TOKENS_TABLE } from '../../src/base/tables.ts'
import type { Aws } from '../../dev/local-aws.ts'
import { DynamoError, dynamoCall } from '../tables/dynamo-call.ts'
import { readAll, textOf, type Row } from '../tables/read-all.ts'
import { checkTables, type TableNames } from '../tables/tables.ts'
import { about, type Finding } from './finding.ts'

/** Keys, indexes, TTL, backups and deletion protection of both tables. */
export async function examineTables(aws: Aws, names: TableNames): Promise<Finding[]> {
  const say = about('tables')
  const differences = await checkTables(aws, names)
  if (differences.length > 0) return differences.map(say.error)
  const found = [say.ok('keys, indexes and TTL match the schema')]
  for (const TableName of namesOf(names)) {
    const { Table } = await dynamoCall<{ Table: { DeletionProtectionEnabled?: boolean } }>(
      aws,
      'DescribeTable',
      { TableName },
    )
    if (!Table.DeletionProtectionEnabled) {
      found.push(say.warning(`${TableName} has no deletion protection`))
    }
    found.push(...(await examineBackups(aws, TableName)))
  }
  return found
}

type Backups = {
  ContinuousBackupsDescription?: {
    PointInTimeRecoveryDescription?: { PointInTimeRecoveryStatus?: string }
  }
}

async function examineBackups(aws: Aws, TableName: string): Promise<Finding[]> {
  const say = about('tables')
  try {
    const answer = await dynamoCall<Backups>(aws, 'DescribeContinuousBackups', { TableName })
    const { PointInTimeRecoveryStatus: status } =
      answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {}
    if (status === 'ENABLED') return [say.ok(`${TableName} has point-in-time recovery`)]
    return [say.warning(`${TableName} has no point-in-time recovery`)]
  } catch (error) {
    // DynamoDB Local has no backups.
    if (!(error instanceof DynamoError && error.name === 'UnknownOperationException')) throw error
    return [say.warning(`${TableName} is in a DynamoDB without backups`)]
  }
}

/**
 * Rows that Latchkey cannot use: approvals with a key that no sign-in looks up, and tokens that another program
 * wrote. It reads all approvals, and one page (1 MB) of the tokens.
 */
export async function examineRows(aws: Aws, names: TableNames): Promise<Finding[]> {
  const [tokens, approvals] = namesOf(names)
  return [
    ...misspelledApprovals(await readAll(aws, 'Scan', { TableName: approvals })),
    ...plainTokens(await readAll(aws, 'Scan', { TableName: tokens }, 1)),
  ]
}

function misspelledApprovals(rows: Row[]): Finding[] {
  const say = about('approvals')
  const wrong = rows.filter(({ email }) => normaliseEmail(textOf(email)) !== textOf(email))
  if (wrong.length === 0)
    return [say.ok(`${rows.length} rows, each with a normalised address as key`)]
  return [
    say.error(
      `${wrong.length} of ${rows.length} rows have a key that no sign-in looks up. Write each address in lower case, with its domain in ASCII (xn--…)`,
    ),
  ]
}

/** The attributes that Latchkey requires but that the schema's own examples do not have. */
const NEEDED: Record<string, string> = { magic_link: 'codeChallenge', session: 'generation' }

function plainTokens(rows: Row[]): Finding[] {
  const say = about('tokens')
  const plain = rows.filter((row) => {
    const needed = NEEDED[textOf(row['tokenType'])]
    return needed !== undefined && row[needed] === undefined
  })
  if (plain.length === 0) return [say.ok(`${rows.length} rows read, all usable`)]
  return [
    say.warning(
      `${plain.length} of the first ${rows.length} rows are links and sessions that another program wrote. Latchkey refuses them. The people sign in once more, and TTL deletes the rows`,
    ),
  ]
}

const namesOf = ({ tokens, approvals }: TableNames): [string, string] => [
  tokens ?? TOKENS_TABLE,
  approvals ?? APPROVALS_TABLE,
]
