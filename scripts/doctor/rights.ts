import { randomUUID } from 'node:crypto'
import {
  APPROVALS_TABLE,
  approvalsTable,
  TOKENS_TABLE,
  tokensTable,
  type CreateTable,
} from '../../src/base/tables.ts'
import type { Aws } from '../../dev/local-aws.ts'
import { isAllowed } from '../infra/access.ts'
import type { WorkerName } from '../infra/grants.ts'
import { DynamoError, dynamoCall } from '../tables/dynamo-call.ts'
import type { TableNames } from '../tables/tables.ts'
import { about, type Finding } from './finding.ts'

/** A call without effect: its key is in no row, and a write also has a condition that is never true. */
type Probe = { action: string; operation: string; input: object }

/**
 * Tries each permission of a Worker with the Worker's own access key, and changes nothing. The Worker must have some
 * permissions, and must not have others: the public Worker must not be able to write an approval.
 */
export async function examineRights(
  aws: Aws,
  worker: WorkerName,
  names: TableNames,
): Promise<Finding[]> {
  const found: Finding[] = []
  for (const [table, name, schema] of [
    [TOKENS_TABLE, names.tokens ?? TOKENS_TABLE, tokensTable()],
    [APPROVALS_TABLE, names.approvals ?? APPROVALS_TABLE, approvalsTable()],
  ] as const) {
    for (const probe of probesOf(name, schema)) {
      const wanted = isAllowed(worker, { action: probe.action, table })
      found.push(...(await examineOne(aws, worker, name, probe, wanted)))
    }
  }
  return found
}

async function examineOne(
  aws: Aws,
  worker: WorkerName,
  table: string,
  { action, operation, input }: Probe,
  wanted: boolean,
): Promise<Finding[]> {
  const say = about(`rights (${worker})`)
  const right = `dynamodb:${action} on ${table}`
  const has = await isPermitted(aws, operation, input)
  if (has === wanted) return [say.ok(`${has ? 'has' : 'does not have'} ${right}`)]
  if (wanted) return [say.error(`${right} is missing`)]
  // A person who takes over the public Worker must not be able to approve anyone.
  return [say.error(`has ${right}, which it must not have`)]
}

async function isPermitted(aws: Aws, operation: string, input: object): Promise<boolean> {
  try {
    await dynamoCall(aws, operation, input)
    return true
  } catch (error) {
    if (!(error instanceof DynamoError)) throw error
    if (error.name === 'AccessDeniedException') return false
    // DynamoDB checks a condition only after it has checked the permissions.
    if (/^(ConditionalCheckFailed|TransactionCanceled)/.test(error.name)) return true
    throw error
  }
}

function probesOf(TableName: string, schema: CreateTable): Probe[] {
  const key = schema.KeySchema[0]!.AttributeName
  const Key = { [key]: { S: `doctor-${randomUUID()}` } }
  const never = { TableName, ConditionExpression: `attribute_exists(${key})` }
  const probe = (action: string, input: object, operation = action): Probe => ({
    action,
    operation,
    input,
  })
  return [
    probe('GetItem', { TableName, Key }),
    probe('BatchGetItem', { RequestItems: { [TableName]: { Keys: [Key] } } }),
    probe(
      'ConditionCheckItem',
      { TransactItems: [{ ConditionCheck: { ...never, Key } }] },
      'TransactWriteItems',
    ),
    probe('PutItem', { ...never, Item: Key }),
    probe('UpdateItem', { ...never, Key }),
    probe('DeleteItem', { ...never, Key }),
    probe('Scan', { TableName, Limit: 1 }),
  ]
}
