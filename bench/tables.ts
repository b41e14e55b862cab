import { dynamoCall } from '../scripts/tables/dynamo-call.ts'
import { ensureTables } from '../scripts/tables/tables.ts'
import { APPROVALS_TABLE, TOKENS_TABLE } from '../src/base/tables.ts'
import { localAws } from '../dev/local-aws.ts'

/** All attributes are strings. Each index has the name of its attribute. */
export type TableShape = { name: string; key: string[]; indexes: string[] }

/** Of Latchkey's indexes, only the search for a person's devices after a sign-in is measured. */
const LATCHKEY: TableShape[] = [
  { name: TOKENS_TABLE, key: ['tokenId'], indexes: ['userId'] },
  { name: APPROVALS_TABLE, key: ['email'], indexes: [] },
]
const PEERS: TableShape[] = [
  { name: 'bench-openauth', key: ['pk', 'sk'], indexes: [] },
  { name: 'bench-better-auth-user', key: ['id'], indexes: ['email'] },
  { name: 'bench-better-auth-session', key: ['token'], indexes: ['userId'] },
  { name: 'bench-better-auth-verification', key: ['identifier'], indexes: [] },
]
export const TABLES = [...LATCHKEY, ...PEERS]

/** Creates the tables of all builds in DynamoDB Local. */
export async function createTables(endpoint: string): Promise<void> {
  const aws = localAws(endpoint)
  await ensureTables(aws)
  for (const { name, key, indexes } of PEERS) {
    await dynamoCall(aws, 'CreateTable', {
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...key, ...indexes].map((attribute) => ({
        AttributeName: attribute,
        AttributeType: 'S',
      })),
      KeySchema: key.map((attribute, i) => ({
        AttributeName: attribute,
        KeyType: i === 0 ? 'HASH' : 'RANGE',
      })),
      ...(indexes.length > 0 && {
        GlobalSecondaryIndexes: indexes.map((attribute) => ({
          IndexName: attribute,
          KeySchema: [{ AttributeName: attribute, KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        })),
      }),
    })
  }
}
