import type { CreateTable, KeySchema } from '../../src/base/tables.ts'

/** The parts of the DescribeTable response that are compared. */
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

/** Writes keys as `email (S) HASH, createdAt (N) RANGE`, so that equal keys give equal text. */
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

/** Compares a table with its schema. @returns one line for each difference that matters to the Worker. */
export function differences(
  wanted: { schema: CreateTable; ttlAttribute: string | null },
  found: TableDescription,
  ttl: TtlDescription,
): string[] {
  const { schema, ttlAttribute } = wanted
  const lines: string[] = []
  const report = (line: string): void => void lines.push(`${schema.TableName}: ${line}`)

  const keys = keysAsText(schema.KeySchema, schema.AttributeDefinitions)
  const foundKeys = keysAsText(found.KeySchema, found.AttributeDefinitions)
  if (keys !== foundKeys) report(`the key is ${foundKeys}; it must be ${keys}`)

  for (const index of schema.GlobalSecondaryIndexes ?? []) {
    const foundIndex = found.GlobalSecondaryIndexes?.find(
      (other) => other.IndexName === index.IndexName,
    )
    if (!foundIndex) {
      report(`index ${index.IndexName} is missing`)
      continue
    }
    const indexKeys = keysAsText(index.KeySchema, schema.AttributeDefinitions)
    const foundIndexKeys = keysAsText(foundIndex.KeySchema, found.AttributeDefinitions)
    if (indexKeys !== foundIndexKeys) {
      report(`index ${index.IndexName} has the key ${foundIndexKeys}; it must be ${indexKeys}`)
    }
    const projection = foundIndex.Projection?.ProjectionType
    if (projection !== 'ALL')
      report(`index ${index.IndexName} projects ${projection}; it must be ALL`)
  }

  // DescribeTable leaves out the summary for a table that was always in provisioned mode.
  const billing = found.BillingModeSummary?.BillingMode ?? 'PROVISIONED'
  if (billing !== schema.BillingMode) {
    report(`the billing mode is ${billing}; it must be ${schema.BillingMode}`)
  }

  const on = ttl.TimeToLiveStatus === 'ENABLED' || ttl.TimeToLiveStatus === 'ENABLING'
  const foundTtl = on ? (ttl.AttributeName ?? null) : null
  if (foundTtl !== ttlAttribute) {
    report(
      `TTL is ${foundTtl ? `on ${foundTtl}` : 'off'}; it must be ${ttlAttribute ? `on ${ttlAttribute}` : 'off'}`,
    )
  }

  const replicas = (found.Replicas ?? []).map((replica) => replica.RegionName)
  if (replicas.length > 0) {
    report(
      `is a global table (replicas: ${replicas.join(', ')}). Each replica evaluates conditions on its own copy, so a link could be used twice. Use a table in one region`,
    )
  }
  return lines
}
