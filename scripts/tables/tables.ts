import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import {
  approvalsTable,
  tokensTable,
  TTL_ATTRIBUTE,
  type CreateTable,
} from '../../src/base/tables.ts'
import { differences, type TableDescription, type TtlDescription } from './differences.ts'
import { DynamoError, dynamoCall } from './dynamo-call.ts'
import { Plain, run } from '../fail.ts'
import { LOCAL_AWS, type Aws } from '../../dev/local-aws.ts'

type WantedTable = { schema: CreateTable; ttlAttribute: string | null }
export type TableNames = { tokens?: string | undefined; approvals?: string | undefined }

/** Only the tokens have a TTL. Approvals are kept, to show later who was approved until when. */
export function wantedTables(names: TableNames = {}): WantedTable[] {
  return [
    { schema: tokensTable(names.tokens), ttlAttribute: TTL_ATTRIBUTE },
    { schema: approvalsTable(names.approvals), ttlAttribute: null },
  ]
}

async function describe(aws: Aws, name: string): Promise<TableDescription | null> {
  try {
    const input = { TableName: name }
    return (await dynamoCall<{ Table: TableDescription }>(aws, 'DescribeTable', input)).Table
  } catch (error) {
    if (error instanceof DynamoError && error.name === 'ResourceNotFoundException') return null
    throw error
  }
}

async function describeTtl(aws: Aws, name: string): Promise<TtlDescription> {
  type Answer = { TimeToLiveDescription?: TtlDescription }
  const answer = await dynamoCall<Answer>(aws, 'DescribeTimeToLive', { TableName: name })
  return answer.TimeToLiveDescription ?? {}
}

/** @returns one line for each difference between the tables and the schema; empty if there is none. */
export async function checkTables(aws: Aws, names: TableNames = {}): Promise<string[]> {
  const lines: string[] = []
  for (const wanted of wantedTables(names)) {
    const found = await describe(aws, wanted.schema.TableName)
    if (!found) lines.push(`${wanted.schema.TableName}: does not exist`)
    else lines.push(...differences(wanted, found, await describeTtl(aws, wanted.schema.TableName)))
  }
  return lines
}

/**
 * Creates the tables that do not exist, turns TTL on if the schema has it, and checks the rest. It never changes the
 * keys or indexes of an existing table.
 * @throws Plain with all remaining differences.
 */
export async function ensureTables(aws: Aws, names: TableNames = {}): Promise<void> {
  for (const { schema, ttlAttribute } of wantedTables(names)) {
    if (!(await describe(aws, schema.TableName))) await create(aws, schema)
    await untilActive(aws, schema.TableName)
    if (ttlAttribute) await turnTtlOn(aws, schema.TableName, ttlAttribute)
  }
  const left = await checkTables(aws, names)
  if (left.length > 0) throw new Plain(left.join('\n'))
}

async function create(aws: Aws, schema: CreateTable): Promise<void> {
  try {
    await dynamoCall(aws, 'CreateTable', schema)
  } catch (error) {
    // Another process created it in the meantime.
    if (!(error instanceof DynamoError && error.name === 'ResourceInUseException')) throw error
  }
}

async function untilActive(aws: Aws, name: string): Promise<void> {
  const deadline = Date.now() + 120_000
  while (Date.now() < deadline) {
    const table = await describe(aws, name)
    const states = [
      table?.TableStatus,
      ...(table?.GlobalSecondaryIndexes ?? []).map((i) => i.IndexStatus),
    ]
    if (states.every((state) => state === 'ACTIVE')) return
    await sleep(500)
  }
  throw new Plain(`${name}: not ACTIVE after two minutes. Run this command again later.`)
}

async function turnTtlOn(aws: Aws, name: string, attribute: string): Promise<void> {
  const { TimeToLiveStatus } = await describeTtl(aws, name)
  if (TimeToLiveStatus === 'ENABLED' || TimeToLiveStatus === 'ENABLING') return
  await dynamoCall(aws, 'UpdateTimeToLive', {
    TableName: name,
    TimeToLiveSpecification: { AttributeName: attribute, Enabled: true },
  })
}

/** A DYNAMODB_ENDPOINT outside AWS is a local stand-in, so it never gets the AWS keys of the shell. */
export function awsFromEnv(env: Record<string, string | undefined>): Aws {
  if (env.DYNAMODB_ENDPOINT && !env.DYNAMODB_ENDPOINT.includes('amazonaws.com')) {
    return { ...LOCAL_AWS, endpoint: env.DYNAMODB_ENDPOINT }
  }
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env
  if (!AWS_REGION || !AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new Plain(
      'Set AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or DYNAMODB_ENDPOINT for a local DynamoDB.',
    )
  }
  return {
    endpoint: env.DYNAMODB_ENDPOINT ?? `https://dynamodb.${AWS_REGION}.amazonaws.com`,
    region: AWS_REGION,
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  }
}

if (import.meta.main) {
  await run(async () => {
    const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
    const aws = awsFromEnv(process.env)
    const names = { tokens: process.env.TOKENS_TABLE, approvals: process.env.APPROVALS_TABLE }
    if (values.check) {
      const found = await checkTables(aws, names)
      if (found.length > 0) throw new Plain(found.join('\n'))
    } else {
      await ensureTables(aws, names)
    }
    for (const { schema } of wantedTables(names)) {
      console.log(`${schema.TableName}: matches the schema`)
    }
  })
}
