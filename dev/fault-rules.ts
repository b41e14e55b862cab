/** What can go wrong between a Worker and DynamoDB. `→` tells whether the operation was committed. */
export const FAULTS = [
  'throttle', // HTTP 400 ProvisionedThroughputExceededException → no
  'conflict', // TransactionConflict, as a cancelled transaction or as an exception of its own → no
  'error500', // HTTP 500 InternalServerError → no
  'reset', // the socket drops → no
  'hang', // no answer ever → no
  'skew', // DynamoDB's clock is `delayMs` ahead (or behind, when negative) → only when signed for it
  'lost', // HTTP 500 → yes
  'cut', // the socket drops → yes
  'hang-after', // no answer ever → yes
  'garbled', // half of the answer's JSON is missing → yes
  'slow', // answered `delayMs` late → yes
  'hideindex', // a Query of an index finds nothing, as if the index lagged → nothing to commit
] as const
export type Fault = (typeof FAULTS)[number]

export type Rule = {
  /** `TransactWriteItems`; without it, any operation. */
  operation?: string
  fault: Fault
  /** How often it strikes; without it, always. */
  times?: number
  /** 0 to 1; without it, 1. */
  probability?: number
  delayMs?: number
}

export type Call = { operation: string; at: number; body: unknown; fault?: Fault }

/** One test's own set of faults and record of calls. */
export class Scenario {
  rules: Rule[] = []
  calls: Call[] = []

  /** @returns the first rule that strikes this call, counted down. */
  strike(operation: string, body: unknown): Rule | undefined {
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

/** @throws Error that says which member is wrong. */
export function parseRules(value: unknown): Rule[] {
  if (!Array.isArray(value)) throw new Error('rules must be a list')
  return value.map((rule: Rule) => {
    if (!FAULTS.includes(rule.fault)) throw new Error(`no such fault: ${rule.fault as string}`)
    return { ...rule }
  })
}
