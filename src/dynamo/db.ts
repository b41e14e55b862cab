import type { DynamoClient } from './client.ts'
import { DynamoError, DynamoUnavailable } from './errors.ts'
import { fromAttributes, toAttributes, type AttributeValue, type Item } from './items.ts'
import type { Trace } from './trace.ts'

declare const rowType: unique symbol
/** Connects a key to the type of its row, for the compiler only. */
type Of<Row> = { readonly [rowType]?: Row }

/** The key of one row. */
export type Key<Row = unknown> = { TableName: string; Key: Item } & Of<Row>

type Condition = {
  ConditionExpression: string
  ExpressionAttributeNames?: Record<string, string>
  ExpressionAttributeValues?: Item
}
/** A write or a check, as one part of a transaction. An Update may also be sent alone. */
export type Update<Row = unknown> = {
  Update: Key<Row> & { UpdateExpression: string } & Partial<Condition>
} & Of<Row>
export type Put<Row = unknown> = {
  Put: { TableName: string; Item: Row } & Partial<Condition>
} & Of<Row>
export type Delete<Row = unknown> = { Delete: Key<Row> & Partial<Condition> } & Of<Row>
export type ConditionCheck<Row = unknown> = { ConditionCheck: Key<Row> & Condition } & Of<Row>
export type Part<Row = unknown> = Update<Row> | Put<Row> | Delete<Row> | ConditionCheck<Row>

export type Query<Row = unknown> = {
  TableName: string
  IndexName: string
  KeyConditionExpression: string
  ExpressionAttributeValues: Item
  FilterExpression?: string
  ScanIndexForward?: boolean
  Limit?: number
  ExclusiveStartKey?: Item
} & Of<Row>

/** Reads a whole table, page by page. Use it only for a table that is known to be small. */
export type Scan<Row = unknown> = {
  TableName: string
  ConsistentRead: true
  ExclusiveStartKey?: Item
} & Of<Row>

/** The result of a conditional write. `row` is the row after the update, or as the failed condition saw it. */
export type Verdict<Row> = { ok: boolean; row: Row | undefined }

type RowOf<P> = P extends Of<infer Row> ? Row : never

/** The parts whose condition failed, by name, each with the row that the condition saw. */
export type Refused<Parts> = {
  [Name in keyof Parts]?: { row: RowOf<NonNullable<Parts[Name]>> | undefined }
}

/**
 * DynamoDB for one request. Rows go in and out as plain values, reads are strongly consistent, and a failed condition
 * is a return value. All other failures are thrown, as described at DynamoClient.
 */
export type Db = {
  get: <Row>(key: Key<Row>) => Promise<Row | undefined>
  /** The rows, by the names of their keys. @param keys at most 100. */
  batchGet: <Keys extends Record<string, Key>>(
    keys: Keys,
  ) => Promise<{ [Name in keyof Keys]: RowOf<Keys[Name]> | undefined }>
  update: <Row>(part: Update<Row>) => Promise<Verdict<Row>>
  /**
   * Writes all parts or none (TransactWriteItems). A part that is undefined is left out.
   * @returns `refused` if a condition failed: then nothing was written.
   */
  transact: <Parts extends Record<string, Part | undefined>>(
    parts: Parts,
    clientRequestToken?: string,
  ) => Promise<{ refused?: Refused<Parts> }>
  query: <Row>(query: Query<Row> | Scan<Row>) => Promise<{ rows: Row[]; lastKey: Item | undefined }>
  /** All pages of a query or scan, one round trip for each MB. */
  queryAll: <Row>(query: Query<Row> | Scan<Row>) => Promise<Row[]>
}

type Attributes = Record<string, AttributeValue>
type BatchKeys = Record<string, { Keys: Attributes[]; ConsistentRead: true }>
type BatchGetOutput = { Responses?: Record<string, Attributes[]>; UnprocessedKeys?: BatchKeys }

const ALL_OLD = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }

function encode(input: object): Record<string, unknown> {
  const out: Record<string, unknown> = { ...input }
  for (const member of ['Key', 'Item', 'ExpressionAttributeValues', 'ExclusiveStartKey']) {
    if (out[member] !== undefined) out[member] = toAttributes(out[member] as Item)
  }
  return out
}

/** DynamoDB returns no attributes, or an empty object, for an absent row. */
const decode = (attributes: Attributes | undefined): Item | undefined =>
  attributes === undefined || Object.keys(attributes).length === 0
    ? undefined
    : fromAttributes(attributes)

export function createDb(client: DynamoClient, trace: Trace): Db {
  return {
    async get<Row>(key: Key<Row>) {
      const request = { ...encode(key), ConsistentRead: true }
      const output = await client.call<{ Item?: Attributes }>('GetItem', request, trace)
      return decode(output.Item) as Row | undefined
    },

    async batchGet(keys) {
      let pending: BatchKeys = {}
      for (const { TableName, Key } of Object.values(keys)) {
        pending[TableName] ??= { Keys: [], ConsistentRead: true }
        pending[TableName].Keys.push(toAttributes(Key))
      }
      const found: { table: string; item: Item }[] = []
      // DynamoDB leaves keys of a batch unread when it throttles. All passes share one deadline.
      const deadline = client.deadline()
      for (let tries = 0; Object.keys(pending).length > 0; tries++) {
        if (tries > 0 && !(await client.backOff(tries, deadline))) {
          throw new DynamoUnavailable('keys were left unprocessed')
        }
        const output: BatchGetOutput = await client.call(
          'BatchGetItem',
          { RequestItems: pending },
          trace,
          deadline,
        )
        for (const [table, items] of Object.entries(output.Responses ?? {})) {
          for (const item of items) found.push({ table, item: fromAttributes(item) })
        }
        pending = output.UnprocessedKeys ?? {}
      }
      const rowAt = ({ TableName, Key }: Key) =>
        found.find(
          ({ table, item }) =>
            table === TableName && Object.entries(Key).every(([name, v]) => item[name] === v),
        )?.item
      return Object.fromEntries(
        Object.entries(keys).map(([name, key]) => [name, rowAt(key)]),
      ) as never
    },

    async update<Row>(part: Update<Row>) {
      const request = { ...encode(part.Update), ...ALL_OLD, ReturnValues: 'ALL_NEW' }
      try {
        const output = await client.call<{ Attributes?: Attributes }>('UpdateItem', request, trace)
        return { ok: true, row: decode(output.Attributes) as Row | undefined }
      } catch (error) {
        if (!(error instanceof DynamoError) || error.code !== 'ConditionalCheckFailedException') {
          throw error
        }
        return { ok: false, row: decode(error.item) as Row | undefined }
      }
    },

    async transact(parts, clientRequestToken = crypto.randomUUID()) {
      const named = Object.entries(parts).filter(([, part]) => part !== undefined)
      // DynamoDB refuses a transaction without parts.
      if (named.length === 0) return {}
      const TransactItems = named.map(([, part]) => {
        const [[kind, input]] = Object.entries(part!) as [[string, object]]
        return { [kind]: { ...encode(input), ...ALL_OLD } }
      })
      const request = { TransactItems, ClientRequestToken: clientRequestToken }
      try {
        await client.call('TransactWriteItems', request, trace)
        return {}
      } catch (error) {
        const reasons = error instanceof DynamoError ? error.cancellationReasons : []
        const refused = named.flatMap(([name], index) => {
          const reason = reasons[index]
          return reason?.Code === 'ConditionalCheckFailed'
            ? [[name, { row: decode(reason.Item) }]]
            : []
        })
        if (refused.length === 0) throw error
        return { refused: Object.fromEntries(refused) as never }
      }
    },

    async query<Row>(query: Query<Row> | Scan<Row>) {
      const output = await client.call<{ Items?: Attributes[]; LastEvaluatedKey?: Attributes }>(
        'IndexName' in query ? 'Query' : 'Scan',
        encode(query),
        trace,
      )
      return {
        rows: (output.Items ?? []).map((item) => fromAttributes(item) as Row),
        lastKey: decode(output.LastEvaluatedKey),
      }
    },

    async queryAll<Row>(query: Query<Row> | Scan<Row>) {
      const rows: Row[] = []
      let from: Item | undefined
      do {
        const page = await this.query<Row>({
          ...query,
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        })
        rows.push(...page.rows)
        from = page.lastKey
      } while (from !== undefined)
      return rows
    },
  }
}
