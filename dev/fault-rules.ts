/** The faults between a Worker and DynamoDB. After the arrow: whether DynamoDB commits the operation. */
export const FAULTS = [
  'throttle', // HTTP 400, ProvisionedThroughputExceededException → no
  'conflict', // a transaction is cancelled (TransactionConflict), another write gets the exception → no
  'error500', // HTTP 500, InternalServerError → no
  'reset', // the connection is reset → no
  'hang', // DynamoDB never responds → no
  'skew', // DynamoDB's clock is `delayMs` ahead, or behind when negative → only when signed for that time
  'lost', // HTTP 500 instead of the response → yes
  'cut', // the connection closes before the response → yes
  'hang-after', // the response never arrives → yes
  'garbled', // only the first half of the response arrives → yes
  'slow', // DynamoDB gets the request `delayMs` late → yes
  'hideindex', // a Query of an index finds nothing, as when the index is behind → it only reads
] as const
export type Fault = (typeof FAULTS)[number]

export type Rule = {
  /** The operation that it applies to, such as `TransactWriteItems`. The default is all. */
  operation?: string
  /**
   * The call that it applies to, with all its tries, such as `UpdateItem adr #1` (see Scenario.name); without the
   * number, all calls of that kind.
   */
  call?: string
  fault: Fault
  /** How many calls it applies to. The default is all. */
  times?: number
  /** The share of calls that it applies to, from 0 to 1. The default is 1. */
  probability?: number
  delayMs?: number
}

export type Call = {
  operation: string
  /** See Scenario.name. */
  name: string
  at: number
  body: unknown
  fault?: Fault
  /** DynamoDB's ConsumedCapacity for each table, when the scenario measures. */
  capacity?: unknown[]
}

/** The rules and the recorded calls of one test. */
export class Scenario {
  calls: Call[] = []
  measures = false
  #rules: Rule[] = []
  #named = new Map<string, string[]>()

  get rules(): Rule[] {
    return this.#rules
  }

  /** From now on, these rules apply, and calls are counted from 1 again. */
  set rules(rules: Rule[]) {
    this.#rules = rules
    this.#named.clear()
  }

  /**
   * The name of a call: its operation, the kinds of row that it touches, and its number among the calls of that kind.
   * All tries of a call send the same bytes, so they have the same name.
   */
  name(operation: string, input: unknown): string {
    // A transaction may have as many rows, and in the order, as an index lists them.
    const kinds = [...new Set(kindsOf(input))].toSorted()
    const kind = [operation, ...kinds].join(' ')
    const bodies = this.#named.get(kind) ?? []
    this.#named.set(kind, bodies)
    const body = JSON.stringify(input)
    if (!bodies.includes(body)) bodies.push(body)
    return `${kind} #${bodies.indexOf(body) + 1}`
  }

  /** @returns the first rule that applies to this call, with its `times` counted down. */
  takeRule(operation: string, name: string, body: unknown): Rule | undefined {
    return this.#rules.find((rule) => {
      if (rule.operation !== undefined && rule.operation !== operation) return false
      if (rule.call !== undefined && !isNamed(rule.call, name)) return false
      if (rule.fault === 'hideindex' && !isIndexQuery(operation, body)) return false
      if (rule.times !== undefined && rule.times <= 0) return false
      if (Math.random() >= (rule.probability ?? 1)) return false
      if (rule.times !== undefined) rule.times -= 1
      return true
    })
  }
}

const isNamed = (call: string, name: string): boolean =>
  name === call || name.startsWith(`${call} #`)

type Keyed = {
  Key?: Record<string, { S?: string }>
  Item?: Record<string, { S?: string }>
  TableName?: string
  IndexName?: string
}

/** What a call touches: `adr` for the row of an address, `approval` for an approval, or the name of an index. */
function kindsOf(input: unknown): string[] {
  if (typeof input !== 'object' || input === null) return []
  const { TransactItems, RequestItems, IndexName, TableName, Key, Item } = input as Keyed & {
    TransactItems?: Record<string, Keyed>[]
    RequestItems?: Record<string, { Keys: Keyed['Key'][] }>
  }
  if (TransactItems) return TransactItems.flatMap((part) => Object.values(part).flatMap(kindsOf))
  if (RequestItems) {
    return Object.values(RequestItems).flatMap(({ Keys }) => Keys.map((key) => kindOf(key)))
  }
  const key = Key ?? Item
  return key ? [kindOf(key)] : [IndexName ?? TableName ?? []].flat()
}

/** Ids of rows begin with their kind: `tok_ml_…`, `adr_…`. The key of an approval is an address. */
const kindOf = (key: Keyed['Key']): string =>
  /^(?:tok_ml|[a-z]{3})(?=_)/.exec(key?.['tokenId']?.S ?? '')?.[0] ?? 'approval'

function isIndexQuery(operation: string, body: unknown): boolean {
  return operation === 'Query' && typeof body === 'object' && body !== null && 'IndexName' in body
}

/** @throws Error that says what is wrong. */
export function parseRules(value: unknown): Rule[] {
  if (!Array.isArray(value)) throw new Error('The rules must be a list')
  return value.map((rule: Rule) => {
    if (!FAULTS.includes(rule.fault)) throw new Error(`There is no fault ${rule.fault as string}`)
    return { ...rule }
  })
}
