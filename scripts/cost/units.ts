/**
 * How many capacity units DynamoDB bills, by the documented rules: "DynamoDB read and write operations", "Item sizes
 * and formats" and "Using global secondary indexes" of its developer guide.
 */
import type { AttributeValue } from '../../src/dynamo/items.ts'

export type Attributes = Record<string, AttributeValue>
/** Read and write request units. One read unit is 4 KB of a consistent read, one write unit 1 KB. */
export type Units = { read: number; write: number }
/** A global secondary index that projects all attributes: the names of its key. */
export type Index = { keys: string[] }

const utf8Bytes = (text: string): number => new TextEncoder().encode(text).length

function valueBytes(value: AttributeValue): number {
  if ('S' in value) return utf8Bytes(value.S)
  // Two digits a byte, without the zeros at both ends, and one byte more.
  if ('N' in value) return Math.ceil(value.N.replace(/^0+|0+$/g, '').length / 2) + 1
  if ('L' in value) return value.L.reduce((sum, one) => sum + valueBytes(one) + 1, 3)
  if ('M' in value) return attributesBytes(value.M) + Object.keys(value.M).length + 3
  return 1
}

const attributesBytes = (item: Attributes): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + utf8Bytes(name) + valueBytes(value), 0)

/** The size of an item. An absent item has none. */
export const itemBytes = (item: Attributes | undefined): number =>
  item === undefined ? 0 : attributesBytes(item)

/** One strongly consistent read by key. An absent item costs as much as a small one. */
export const readUnits = (item: Attributes | undefined): number =>
  Math.max(1, Math.ceil(itemBytes(item) / 4096))

/** One page of an eventually consistent query. All items that it reads are added up, then rounded. */
export const queryUnits = (items: Attributes[]): number => {
  const bytes = items.reduce((sum, item) => sum + itemBytes(item), 0)
  return Math.max(1, Math.ceil(bytes / 4096)) / 2
}

/** A write to the table itself, also one that changes nothing: the larger of before and after counts. */
export const writeUnits = (before: Attributes | undefined, after: Attributes | undefined) =>
  Math.max(1, Math.ceil(Math.max(itemBytes(before), itemBytes(after)) / 1024))

/** What DynamoDB then writes to an index. An item without the key of the index is not in it. */
export function indexUnits(
  { keys }: Index,
  before: Attributes | undefined,
  after: Attributes | undefined,
): number {
  const keyOf = (item: Attributes | undefined): string | undefined =>
    item !== undefined && keys.every((key) => key in item)
      ? JSON.stringify(keys.map((key) => item[key]))
      : undefined
  const [was, is] = [keyOf(before), keyOf(after)]
  if (was !== undefined && is !== undefined && was !== is) {
    return writeUnits(before, undefined) + writeUnits(undefined, after)
  }
  if ((was === undefined && is === undefined) || isSame(before, after)) return 0
  return writeUnits(was === undefined ? undefined : before, is === undefined ? undefined : after)
}

function isSame(a: Attributes | undefined, b: Attributes | undefined): boolean {
  const sorted = (item: Attributes | undefined) =>
    JSON.stringify(Object.entries(item ?? {}).toSorted(([x], [y]) => (x < y ? -1 : 1)))
  return sorted(a) === sorted(b)
}
