import type { Aws } from '../../dev/local-aws.ts'
import type { AttributeValue } from '../../src/dynamo/items.ts'
import { dynamoCall } from './dynamo-call.ts'

/** A row in the format of DynamoDB's API. */
export type Row = Record<string, AttributeValue>
type Page = { Items?: Row[]; LastEvaluatedKey?: object }

/** Reads a table, or an index, page by page (1 MB each). @param input of a Scan or a Query. */
export async function readAll(
  aws: Aws,
  operation: 'Scan' | 'Query',
  input: object,
  maxPages = Infinity,
): Promise<Row[]> {
  const rows: Row[] = []
  let ExclusiveStartKey: object | undefined
  for (let page = 0; page < maxPages; page++) {
    const answer = await dynamoCall<Page>(aws, operation, { ...input, ExclusiveStartKey })
    rows.push(...(answer.Items ?? []))
    ExclusiveStartKey = answer.LastEvaluatedKey
    if (ExclusiveStartKey === undefined) break
  }
  return rows
}

/** @returns '' if the attribute is absent or no string. */
export const textOf = (attribute: AttributeValue | undefined): string =>
  attribute !== undefined && 'S' in attribute ? attribute.S : ''
