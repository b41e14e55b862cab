import { env as workerEnv } from 'cloudflare:workers'
import { inject } from 'vitest'
import { createAwsPost } from '../../../src/base/aws.ts'
import { parseConfig, type Env } from '../../../src/base/config.ts'
import { approvalsTable, tokensTable } from '../../../src/base/tables.ts'
import { realWorld } from '../../../src/base/world.ts'
import { createDynamoClient } from '../../../src/dynamo/client.ts'
import type { Item } from '../../../src/dynamo/items.ts'
import { createTrace } from '../../../src/dynamo/trace.ts'

/** Tables that belong to one test. Its Workers get them as variables, and do not go through the fault proxy. */
export type OwnTables = {
  DYNAMODB_ENDPOINT: string
  TOKENS_TABLE: string
  APPROVALS_TABLE: string
}

const endpoint: string = inject('dynamodbEndpoint')

const config = parseConfig({ ...(workerEnv as Env), DYNAMODB_ENDPOINT: endpoint })
const client = createDynamoClient(config, realWorld, createAwsPost(config, realWorld))
const call = <Output>(operation: string, input: object): Promise<Output> =>
  client.call<Output>(operation, input, createTrace())

/** @returns the variables of two new, empty tables. */
export async function newTables(): Promise<OwnTables> {
  const id = crypto.randomUUID()
  const [tokens, approvals] = [`tokens-${id}`, `approvals-${id}`]
  await call('CreateTable', tokensTable(tokens))
  await call('CreateTable', approvalsTable(approvals))
  return { DYNAMODB_ENDPOINT: endpoint, TOKENS_TABLE: tokens, APPROVALS_TABLE: approvals }
}

/** What a restore to this moment gives: new tables with the same rows. */
export async function copyOfTables(from: OwnTables): Promise<OwnTables> {
  const to = await newTables()
  for (const table of ['TOKENS_TABLE', 'APPROVALS_TABLE'] as const) {
    const { Items = [] } = await call<{ Items?: Item[] }>('Scan', { TableName: from[table] })
    for (const Row of Items) await call('PutItem', { TableName: to[table], Item: Row })
  }
  return to
}
