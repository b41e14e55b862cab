/** A row of Better Auth. Its dates are ISO strings. */
export type Row = Record<string, unknown>

type Attribute = { S: string } | { N: string } | { BOOL: boolean } | { NULL: true }
/** A row in DynamoDB's JSON. */
export type Item = Record<string, Attribute>

export function attributeOf(value: unknown): Attribute {
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'number') return { N: String(value) }
  if (typeof value === 'boolean') return { BOOL: value }
  if (value === null) return { NULL: true }
  throw new Error(`The adapter does not store a ${typeof value}`)
}

export const itemOf = (row: Row): Item =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [field, attributeOf(value)]),
  )

export const rowOf = (item: Item): Row =>
  Object.fromEntries(Object.entries(item).map(([field, value]) => [field, valueOf(value)]))

function valueOf(attribute: Attribute): unknown {
  if ('N' in attribute) return Number(attribute.N)
  if ('NULL' in attribute) return null
  return 'S' in attribute ? attribute.S : attribute.BOOL
}
