/** The value of an attribute in Latchkey's rows. Members of a map that are `undefined` are not written. */
export type Value =
  string | number | boolean | null | Value[] | { [name: string]: Value | undefined }
export type Item = { [name: string]: Value | undefined }

/** A value in the format of DynamoDB's API (API reference, AttributeValue). Only the types that Latchkey uses. */
export type AttributeValue =
  | { S: string }
  | { N: string }
  | { BOOL: boolean }
  | { NULL: true }
  | { L: AttributeValue[] }
  | { M: Record<string, AttributeValue> }

/** @throws TypeError for a number that is not a safe integer, because DynamoDB could round or refuse it. */
export function toAttribute(value: Value): AttributeValue {
  if (value === null) return { NULL: true }
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'boolean') return { BOOL: value }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError('not a safe integer')
    return { N: String(value) }
  }
  if (Array.isArray(value)) return { L: value.map(toAttribute) }
  return { M: toAttributes(value) }
}

export function toAttributes(item: Item): Record<string, AttributeValue> {
  const out: Record<string, AttributeValue> = {}
  for (const [name, value] of Object.entries(item)) {
    if (value !== undefined) out[name] = toAttribute(value)
  }
  return out
}

/** Sets and binary values, which Latchkey never writes, are read as null. */
export function fromAttribute(attribute: AttributeValue): Value {
  if ('S' in attribute) return attribute.S
  if ('N' in attribute) return Number(attribute.N)
  if ('BOOL' in attribute) return attribute.BOOL
  if ('L' in attribute) return attribute.L.map(fromAttribute)
  if ('M' in attribute) return fromAttributes(attribute.M)
  return null
}

export function fromAttributes(attributes: Record<string, AttributeValue>): Item {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, fromAttribute(value)]),
  )
}
