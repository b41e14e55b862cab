import { randomUUID } from 'node:crypto'
import { describe, expect, inject, it } from 'vitest'
import { dynamoCall } from '../../scripts/tables/dynamo-call.ts'
import { localAws } from '../../dev/local-aws.ts'
import { putSamplePeople } from '../../dev/sample-people.ts'
import { differences, type TableDescription } from '../../scripts/tables/differences.ts'
import { checkTables, ensureTables, wantedTables } from '../../scripts/tables/tables.ts'

const aws = localAws(inject('dynamodbEndpoint'))

function freshNames(): { tokens: string; approvals: string } {
  const id = randomUUID()
  return { tokens: `tokens-${id}`, approvals: `approvals-${id}` }
}

async function described(name: string): Promise<TableDescription> {
  const input = { TableName: name }
  return (await dynamoCall<{ Table: TableDescription }>(aws, 'DescribeTable', input)).Table
}

/** As DescribeTable would tell of a table that is as it should be. */
function asItShouldBe(): TableDescription {
  return { ...wantedTables()[0]!.schema, BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } }
}
const ON = { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' }

describe('works', () => {
  it('creates both tables exactly as the schema defines them', async () => {
    const names = freshNames()
    await ensureTables(aws, names)
    const tokens = await described(names.tokens)
    expect(tokens.KeySchema).toEqual([{ AttributeName: 'tokenId', KeyType: 'HASH' }])
    expect(tokens.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST')
    const indexes = tokens.GlobalSecondaryIndexes?.toSorted((a, b) =>
      a.IndexName < b.IndexName ? -1 : 1,
    )
    expect(indexes).toMatchObject([
      {
        IndexName: 'email-index',
        KeySchema: [
          { AttributeName: 'email', KeyType: 'HASH' },
          { AttributeName: 'createdAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
      {
        IndexName: 'userId-tokenType-index',
        KeySchema: [
          { AttributeName: 'userId', KeyType: 'HASH' },
          { AttributeName: 'tokenType', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ])
    expect(tokens.AttributeDefinitions).toContainEqual({
      AttributeName: 'createdAt',
      AttributeType: 'N',
    })
    const approvals = await described(names.approvals)
    expect(approvals.KeySchema).toEqual([{ AttributeName: 'email', KeyType: 'HASH' }])
    expect(approvals.GlobalSecondaryIndexes).toBeUndefined()
    const ttl = async (TableName: string): Promise<unknown> =>
      dynamoCall(aws, 'DescribeTimeToLive', { TableName })
    expect(await ttl(names.tokens)).toEqual({ TimeToLiveDescription: ON })
    expect(await ttl(names.approvals)).toMatchObject({
      TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' },
    })
  })

  it('changes nothing when it runs again', async () => {
    const names = freshNames()
    await ensureTables(aws, names)
    const before = await described(names.tokens)
    await ensureTables(aws, names)
    expect(await described(names.tokens)).toEqual(before)
    expect(await checkTables(aws, names)).toEqual([])
  })

  it('turns TTL on for a table that lacks it', async () => {
    const names = freshNames()
    const [tokens] = wantedTables(names)
    await dynamoCall(aws, 'CreateTable', tokens!.schema)
    await ensureTables(aws, names)
    expect(await checkTables(aws, names)).toEqual([])
  })

  it('writes the sample people, and never overwrites a row', async () => {
    const names = freshNames()
    await ensureTables(aws, names)
    const Item = { email: { S: 'lapsed@example.com' }, mine: { BOOL: true } }
    await dynamoCall(aws, 'PutItem', { TableName: names.approvals, Item })
    await putSamplePeople(aws, 1_800_000_000, names)
    await putSamplePeople(aws, 1_900_000_000, names)
    const scan = async (TableName: string): Promise<Record<string, object>[]> =>
      (await dynamoCall<{ Items: Record<string, object>[] }>(aws, 'Scan', { TableName })).Items
    const approvals = await scan(names.approvals)
    expect(approvals.map((row) => row.email)).toHaveLength(5)
    expect(approvals).toContainEqual(Item)
    const tokens = await scan(names.tokens)
    expect(tokens).toHaveLength(4)
    for (const { sessionJWT = { NULL: true } } of tokens) expect(sessionJWT).toEqual({ NULL: true })
  })
})

describe('refuses', () => {
  it('tables that do not exist', async () => {
    const names = freshNames()
    expect(await checkTables(aws, names)).toEqual([
      `${names.tokens}: does not exist`,
      `${names.approvals}: does not exist`,
    ])
  })

  it('a table without its indexes or TTL, or with a TTL that it must not have', async () => {
    const names = freshNames()
    const [tokens, approvals] = wantedTables(names)
    const { GlobalSecondaryIndexes: _, ...bare } = tokens!.schema
    const AttributeDefinitions = [{ AttributeName: 'tokenId', AttributeType: 'S' }]
    await dynamoCall(aws, 'CreateTable', { ...bare, AttributeDefinitions })
    await dynamoCall(aws, 'CreateTable', approvals!.schema)
    await dynamoCall(aws, 'UpdateTimeToLive', {
      TableName: names.approvals,
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    })
    expect(await checkTables(aws, names)).toEqual([
      `${names.tokens}: index email-index is missing`,
      `${names.tokens}: index userId-tokenType-index is missing`,
      `${names.tokens}: TTL is off; it must be on expiresAt`,
      `${names.approvals}: TTL is on expiresAt; it must be off`,
    ])
  })

  it('a global table', () => {
    const found = { ...asItShouldBe(), Replicas: [{ RegionName: 'eu-west-1' }] }
    expect(differences(wantedTables()[0]!, asItShouldBe(), ON)).toEqual([])
    expect(differences(wantedTables()[0]!, found, ON)).toEqual([
      expect.stringContaining('is a global table (replicas: eu-west-1)'),
    ])
  })

  it('other keys, types, projections and billing', () => {
    const found = asItShouldBe()
    found.KeySchema = [{ AttributeName: 'id', KeyType: 'HASH' }]
    found.AttributeDefinitions = found.AttributeDefinitions!.map((one) =>
      one.AttributeName === 'createdAt' ? { ...one, AttributeType: 'S' } : one,
    )
    found.GlobalSecondaryIndexes![1]!.Projection = { ProjectionType: 'KEYS_ONLY' }
    found.BillingModeSummary = { BillingMode: 'PROVISIONED' }
    expect(differences(wantedTables()[0]!, found, ON)).toEqual([
      'mobile-auth-tokens: the key is id (?) HASH; it must be tokenId (S) HASH',
      'mobile-auth-tokens: index email-index has the key email (S) HASH, createdAt (S) RANGE; it must be email (S) HASH, createdAt (N) RANGE',
      'mobile-auth-tokens: index userId-tokenType-index projects KEYS_ONLY; it must be ALL',
      'mobile-auth-tokens: the billing mode is PROVISIONED; it must be PAY_PER_REQUEST',
    ])
  })
})
