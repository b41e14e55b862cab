import { startStandIn, type StandIn } from './stand-in.ts'
import { applyUpdate, type Attributes, type Update } from './update-expression.ts'

type Keyed = { TableName: string; Key: Attributes }
type Put = { TableName: string; Item: Attributes }
type Write = { Put?: Put; Update?: Keyed & Update; Delete?: Keyed; ConditionCheck?: Keyed }
type BatchGet = { RequestItems: Record<string, { Keys: Attributes[] }> }

/**
 * A stand-in for DynamoDB that answers at once, so that the Worker is what is measured. It keeps rows and
 * applies updates as DynamoDB would, whatever version of Latchkey writes them, but believes every condition,
 * and finds nothing through an index.
 */
export async function startStore(): Promise<StandIn> {
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
    else if (!ConditionCheck) throw new Error('an unknown write in a transaction')
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
    if (operation === undefined) throw new Error(`${name} is not among what the store can do`)
    return operation(input as never)
  })
}

/** Both tables have one key attribute, and it is text. */
const rowId = (table: string, key: Attributes): string =>
  `${table} ${(Object.values(key)[0] as { S: string }).S}`
