import type { LoopbackServer } from '../dev/loopback-server.ts'
import { startStandIn } from './stand-in.ts'
import { applyUpdate, type Attributes, type Update } from './update-expression.ts'

type Keyed = { TableName: string; Key: Attributes }
type Put = { TableName: string; Item: Attributes }
type Write = { Put?: Put; Update?: Keyed & Update; Delete?: Keyed; ConditionCheck?: Keyed }
type BatchGet = { RequestItems: Record<string, { Keys: Attributes[] }> }

/**
 * A stand-in for DynamoDB that responds at once, so that only the Worker is measured. It stores rows and applies
 * updates as DynamoDB does, for any build of Latchkey. It does not check conditions, and finds nothing through an
 * index.
 */
export async function startStore(): Promise<LoopbackServer> {
  const rows = new Map<string, Attributes>()

  function put({ TableName, Item }: Put): void {
    const key = Item['tokenId'] ?? Item['email']
    rows.set(rowId(TableName, { key: key! }), Item)
  }
  function update(input: Keyed & Update): Attributes {
    const id = rowId(input.TableName, input.Key)
    const row = applyUpdate(rows.get(id) ?? input.Key, input)
    rows.set(id, row)
    return row
  }
  function write({ Put, Update, Delete, ConditionCheck }: Write): void {
    if (Put) put(Put)
    else if (Update) update(Update)
    else if (Delete) rows.delete(rowId(Delete.TableName, Delete.Key))
    else if (!ConditionCheck) throw new Error('The transaction has an unknown write')
  }

  const operations: Record<string, (input: never) => object> = {
    TransactWriteItems: ({ TransactItems }: { TransactItems: Write[] }) => {
      TransactItems.forEach(write)
      return {}
    },
    PutItem: (input: Put) => {
      put(input)
      return {}
    },
    UpdateItem: (input: Keyed & Update & { ReturnValues?: string }) => {
      const row = update(input)
      return input.ReturnValues === 'ALL_NEW' ? { Attributes: row } : {}
    },
    GetItem: ({ TableName, Key }: Keyed) => {
      const Item = rows.get(rowId(TableName, Key))
      return Item ? { Item } : {}
    },
    BatchGetItem: ({ RequestItems }: BatchGet) => {
      const tables = Object.entries(RequestItems).map(([table, { Keys }]) => [
        table,
        Keys.flatMap((key) => rows.get(rowId(table, key)) ?? []),
      ])
      return { Responses: Object.fromEntries(tables), UnprocessedKeys: {} }
    },
    Query: () => ({ Items: [], Count: 0, ScannedCount: 0 }),
  }

  return startStandIn((headers, input) => {
    const name = String(headers['x-amz-target']).split('.').at(-1)!
    const operation = operations[name]
    if (operation === undefined) throw new Error(`The store has no operation ${name}`)
    return operation(input as never)
  })
}

/** The key of both tables is one attribute, a string. */
const rowId = (table: string, key: Attributes): string =>
  `${table} ${(Object.values(key)[0] as { S: string }).S}`
