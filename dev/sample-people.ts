import { APPROVALS_TABLE, TOKENS_TABLE } from '../src/base/tables.ts'
import { DynamoError, dynamoCall } from '../scripts/tables/dynamo-call.ts'
import type { Aws } from './local-aws.ts'
import { sampleApprovals } from './sample-approvals.ts'
import { sampleRequest } from './sample-request.ts'
import { sampleTokens } from './sample-tokens.ts'
import type { TableNames } from '../scripts/tables/tables.ts'

/** Turns plain values into an item in the form of DynamoDB's JSON API. */
function toItem(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, typed(member)]))
}

function typed(value: unknown): object {
  if (value === null) return { NULL: true }
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'number') return { N: String(value) }
  if (typeof value === 'boolean') return { BOOL: value }
  return { M: toItem(value as object) }
}

/**
 * Writes the sample rows that do not exist yet. A row that exists stays unchanged.
 * @param now Unix seconds.
 */
export async function putSamplePeople(
  aws: Aws,
  now: number,
  { tokens = TOKENS_TABLE, approvals = APPROVALS_TABLE }: TableNames = {},
): Promise<void> {
  for (const row of sampleApprovals(now)) await putIfAbsent(aws, approvals, 'email', row)
  for (const row of await sampleTokens(now)) await putIfAbsent(aws, tokens, 'tokenId', row)
}

/**
 * Writes the sample access request. One that nobody decided in 14 days is written again.
 * @param now Unix seconds.
 * @param sealKeys SEAL_KEYS of the Workers. If they are malformed, nothing is written.
 */
export async function putSampleRequest(
  aws: Aws,
  now: number,
  sealKeys: string | undefined,
): Promise<void> {
  const request = await sampleRequest(now, sealKeys)
  if (request !== null) await putIfAbsent(aws, TOKENS_TABLE, 'tokenId', request, EXPIRED, now)
}

const EXPIRED = ' OR (attribute_not_exists(decided) AND expiresAt <= :now)'

async function putIfAbsent(
  aws: Aws,
  table: string,
  key: string,
  row: object,
  or = '',
  now = 0,
): Promise<void> {
  try {
    await dynamoCall(aws, 'PutItem', {
      TableName: table,
      Item: toItem(row),
      ConditionExpression: `attribute_not_exists(#key)${or}`,
      ExpressionAttributeNames: { '#key': key },
      ...(or === '' ? {} : { ExpressionAttributeValues: { ':now': { N: String(now) } } }),
    })
  } catch (error) {
    const exists = error instanceof DynamoError && error.name === 'ConditionalCheckFailedException'
    if (!exists) throw error
  }
}
