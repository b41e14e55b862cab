import type { DynamoClient } from './client.ts'
import { DynamoError, DynamoUnavailable } from './errors.ts'
import { fromAttributes, toAttributes, type AttributeValue, type Item } from './items.ts'
import type { Trace } from './trace.ts'

/** Values of an expression by placeholder, `{':now': 1}`. */
export type Values = Item

type Condition = {
  ConditionExpression: string
  ExpressionAttributeNames?: Record<string, string>
  ExpressionAttributeValues?: Values
}
export type Update = {
  TableName: string
  Key: Item
  UpdateExpression: string
  ExpressionAttributeNames?: Record<string, string>
  ExpressionAttributeValues?: Values
  ConditionExpression?: string
}
export type Put = { TableName: string; Item: Item } & Partial<Condition>
export type ConditionCheck = { TableName: string; Key: Item } & Condition
export type Get = { TableName: string; Key: Item }
export type Query = {
  TableName: string
  IndexName: string
  KeyConditionExpression: string
  ExpressionAttributeValues: Values
  ScanIndexForward?: boolean
  Limit?: number
  ExclusiveStartKey?: Item
}
export type TransactWrite = { Update: Update } | { Put: Put } | { ConditionCheck: ConditionCheck }

/** A condition's verdict. `item` is the row that it saw (ALL_OLD); undefined when there was none. */
export type Verdict = { ok: true; item?: Item | undefined } | { ok: false; item?: Item | undefined }
/** A transaction's verdict: on refusal, one entry an item of the request, in its order. */
export type TransactVerdict =
  { ok: true } | { ok: false; reasons: { failed: boolean; item: Item | undefined }[] }

/**
 * DynamoDB for one request: plain items in and out, reads strongly consistent, and a failed condition is
 * an answer. Everything else that goes wrong is thrown, as DynamoClient says.
 */
export type Db = {
  get: (input: Get) => Promise<Item | undefined>
  /** Items in the order of the keys. @param gets at most 100. */
  batchGet: (gets: readonly Get[]) => Promise<(Item | undefined)[]>
  /** `item` on success is the row as it is now (ALL_NEW). */
  update: (input: Update) => Promise<Verdict>
  transact: (
    items: readonly TransactWrite[],
    clientRequestToken: string,
  ) => Promise<TransactVerdict>
  query: (input: Query) => Promise<{ items: Item[]; lastKey: Item | undefined }>
}

type Attributes = Record<string, AttributeValue>
type Keys = Record<string, { Keys: Attributes[]; ConsistentRead: true }>
type BatchGetOutput = { Responses?: Record<string, Attributes[]>; UnprocessedKeys?: Keys }

const ALL_OLD = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }

function encode(input: Update | Put | ConditionCheck | Get | Query): object {
  const out: Record<string, unknown> = { ...input }
  for (const member of ['Key', 'Item', 'ExpressionAttributeValues', 'ExclusiveStartKey']) {
    if (out[member] !== undefined) out[member] = toAttributes(out[member] as Item)
  }
  return out
}

const decode = (attributes: Attributes | undefined): Item | undefined =>
  attributes === undefined || Object.keys(attributes).length === 0
    ? undefined
    : fromAttributes(attributes)

export function createDb(client: DynamoClient, trace: Trace): Db {
  return {
    async get(input) {
      const request = { ...encode(input), ConsistentRead: true }
      return decode((await client.call<{ Item?: Attributes }>('GetItem', request, trace)).Item)
    },

    async batchGet(gets) {
      let pending: Keys = {}
      for (const { TableName, Key } of gets) {
        pending[TableName] ??= { Keys: [], ConsistentRead: true }
        pending[TableName].Keys.push(toAttributes(Key))
      }
      const found: { table: string; item: Item }[] = []
      // DynamoDB leaves keys of a batch unread when it throttles; all passes share one deadline.
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
          found.push(...items.map((item) => ({ table, item: fromAttributes(item) })))
        }
        pending = output.UnprocessedKeys ?? {}
      }
      return gets.map(
        ({ TableName, Key }) =>
          found.find(
            ({ table, item }) =>
              table === TableName && Object.entries(Key).every(([name, v]) => item[name] === v),
          )?.item,
      )
    },

    async update(input) {
      const request = { ...encode(input), ...ALL_OLD, ReturnValues: 'ALL_NEW' }
      try {
        const output = await client.call<{ Attributes?: Attributes }>('UpdateItem', request, trace)
        return { ok: true, item: decode(output.Attributes) }
      } catch (error) {
        if (!(error instanceof DynamoError) || error.code !== 'ConditionalCheckFailedException') {
          throw error
        }
        return { ok: false, item: decode(error.item) }
      }
    },

    async transact(items, clientRequestToken) {
      const TransactItems = items.map((item) => {
        const [[kind, input]] = Object.entries(item) as [[string, Update | Put | ConditionCheck]]
        return { [kind]: { ...encode(input), ...ALL_OLD } }
      })
      const request = { TransactItems, ClientRequestToken: clientRequestToken }
      try {
        await client.call('TransactWriteItems', request, trace)
        return { ok: true }
      } catch (error) {
        const reasons = error instanceof DynamoError ? error.cancellationReasons : []
        if (!reasons.some((reason) => reason.Code === 'ConditionalCheckFailed')) throw error
        return {
          ok: false,
          reasons: reasons.map((reason) => ({
            failed: reason.Code === 'ConditionalCheckFailed',
            item: decode(reason.Item),
          })),
        }
      }
    },

    async query(input) {
      const output = await client.call<{ Items?: Attributes[]; LastEvaluatedKey?: Attributes }>(
        'Query',
        encode(input),
        trace,
      )
      return {
        items: (output.Items ?? []).map(fromAttributes),
        lastKey: decode(output.LastEvaluatedKey),
      }
    },
  }
}
