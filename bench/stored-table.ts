import type { TableShape } from './tables.ts'
import type { Attributes, Value } from './update-expression.ts'

type Equality = readonly [attribute: string, value: Value]

/** The rows of one table in memory, found by key, by partition key and by indexed attribute. */
export class StoredTable {
  readonly #rows = new Map<string, Attributes>()
  readonly #keys = new Map<string, Set<string>>()
  readonly #shape: TableShape

  constructor(shape: TableShape) {
    this.#shape = shape
  }

  get(key: Attributes): Attributes | undefined {
    return this.#rows.get(this.#id(key))
  }

  put(row: Attributes): void {
    const id = this.#id(row)
    this.delete(row)
    this.#rows.set(id, row)
    for (const entry of this.#entries(row)) {
      const ids = this.#keys.get(entry) ?? new Set()
      this.#keys.set(entry, ids.add(id))
    }
  }

  delete(key: Attributes): Attributes | undefined {
    const id = this.#id(key)
    const row = this.#rows.get(id)
    if (row === undefined) return undefined
    this.#rows.delete(id)
    for (const entry of this.#entries(row)) this.#keys.get(entry)?.delete(id)
    return row
  }

  /** @param first a partition key, of the table or of an index. @param others what the rows must equal, too. */
  query(first: Equality, ...others: Equality[]): Attributes[] {
    const ids = this.#keys.get(`${first[0]} ${text(first[1])}`) ?? []
    return [...ids]
      .map((id) => this.#rows.get(id)!)
      .filter((row) => others.every(([name, value]) => text(row[name]) === text(value)))
  }

  #id(row: Attributes): string {
    return this.#shape.key.map((name) => text(row[name])).join(' ')
  }

  /** A row can be queried by each index, and by the partition key if the table has a sort key. */
  #entries(row: Attributes): string[] {
    const { key, indexes } = this.#shape
    const names = key.length > 1 ? [key[0]!, ...indexes] : indexes
    return names.filter((name) => row[name]).map((name) => `${name} ${text(row[name])}`)
  }
}

const text = (value: Value | undefined): string => {
  if (value?.S === undefined) throw new Error('Keys are strings')
  return value.S
}
