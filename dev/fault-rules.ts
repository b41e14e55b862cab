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
  fault: Fault
  /** How many calls it applies to. The default is all. */
  times?: number
  /** The share of calls that it applies to, from 0 to 1. The default is 1. */
  probability?: number
  delayMs?: number
}

export type Call = {
  operation: string
  at: number
  body: unknown
  fault?: Fault
  /** DynamoDB's ConsumedCapacity for each table, when the scenario measures. */
  capacity?: unknown[]
}

/** The rules and the recorded calls of one test. */
export class Scenario {
  rules: Rule[] = []
  calls: Call[] = []
  measures = false

  /** @returns the first rule that applies to this call, with its `times` counted down. */
  takeRule(operation: string, body: unknown): Rule | undefined {
    return this.rules.find((rule) => {
      if (rule.operation !== undefined && rule.operation !== operation) return false
      if (rule.fault === 'hideindex' && !isIndexQuery(operation, body)) return false
      if (rule.times !== undefined && rule.times <= 0) return false
      if (Math.random() >= (rule.probability ?? 1)) return false
      if (rule.times !== undefined) rule.times -= 1
      return true
    })
  }
}

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
