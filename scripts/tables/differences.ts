import type { CreateTable, KeySchema } from '../../src/base/tables.ts'

/** What DescribeTable says, as far as it matters here. */
export type TableDescription = {
  TableStatus?: string
  AttributeDefinitions?: { AttributeName: string; AttributeType: string }[]
  KeySchema?: { AttributeName: string; KeyType: string }[]
  BillingModeSummary?: { BillingMode?: string }
  GlobalSecondaryIndexes?: {
    IndexName: string
    IndexStatus?: string
    KeySchema?: { AttributeName: string; KeyType: string }[]
    Projection?: { ProjectionType?: string }
  }[]
  Replicas?: { RegionName?: string }[]
}
export type TtlDescription = { TimeToLiveStatus?: string; AttributeName?: string }

/** Writes keys as `email (S) HASH, createdAt (N) RANGE`, so that equal text means equal keys. */
function keysAsText(
  keys: KeySchema | TableDescription['KeySchema'],
  attributes: TableDescription['AttributeDefinitions'],
): string {
  const typeOf = (name: string): string =>
    attributes?.find((attribute) => attribute.AttributeName === name)?.AttributeType ?? '?'
  return (keys ?? [])
    .map((key) => `${key.AttributeName} (${typeOf(key.AttributeName)}) ${key.KeyType}`)
    .join(', ')
}

/** Compares a table with its schema. @returns one line for each difference that would do harm. */
export function differences(
  wanted: { schema: CreateTable; ttlAttribute: string | null },
  found: TableDescription,
  ttl: TtlDescription,
): string[] {
  const { schema, ttlAttribute } = wanted
  const lines: string[] = []
  const say = (line: string): void => void lines.push(`${schema.TableName}: ${line}`)

  const keys = keysAsText(schema.KeySchema, schema.AttributeDefinitions)
  const foundKeys = keysAsText(found.KeySchema, found.AttributeDefinitions)
  if (keys !== foundKeys) say(`the key is ${foundKeys}; it must be ${keys}`)

  for (const index of schema.GlobalSecondaryIndexes ?? []) {
    const same = found.GlobalSecondaryIndexes?.find((other) => other.IndexName === index.IndexName)
    if (!same) {
      say(`index ${index.IndexName} is missing`)
      continue
    }
    const indexKeys = keysAsText(index.KeySchema, schema.AttributeDefinitions)
    const foundIndexKeys = keysAsText(same.KeySchema, found.AttributeDefinitions)
    if (indexKeys !== foundIndexKeys) {
      say(`index ${index.IndexName} has the key ${foundIndexKeys}; it must be ${indexKeys}`)
    }
    const projection = same.Projection?.ProjectionType
    if (projection !== 'ALL') say(`index ${index.IndexName} projects ${projection}; it must be ALL`)
  }

  // DescribeTable leaves the summary out for a table that was always provisioned.
  const billing = found.BillingModeSummary?.BillingMode ?? 'PROVISIONED'
  if (billing !== schema.BillingMode) {
    say(`the billing mode is ${billing}; it must be ${schema.BillingMode}`)
  }

  const on = ttl.TimeToLiveStatus === 'ENABLED' || ttl.TimeToLiveStatus === 'ENABLING'
  const foundTtl = on ? (ttl.AttributeName ?? null) : null
  if (foundTtl !== ttlAttribute) {
    say(
      `TTL is ${foundTtl ? `on ${foundTtl}` : 'off'}; it must be ${ttlAttribute ? `on ${ttlAttribute}` : 'off'}`,
    )
  }

  const replicas = (found.Replicas ?? []).map((replica) => replica.RegionName)
  if (replicas.length > 0) {
    say(
      `is a global table (replicas: ${replicas.join(', ')}). Conditions are judged against one replica, so a link could be used twice: use a table with one home region`,
    )
  }
  return lines
}
