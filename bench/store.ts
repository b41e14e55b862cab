import type { LoopbackServer } from '../dev/loopback-server.ts'
import { startStandIn } from './stand-in.ts'
import { StoredTable } from './stored-table.ts'
import { TABLES } from './tables.ts'
import { applyUpdate, type Attributes, type Update } from './update-expression.ts'

type Keyed = { TableName: string; Key: Attributes; ReturnValues?: string }
type Put = { TableName: string; Item: Attributes }
type Write = { Put?: Put; Update?: Keyed & Update; Delete?: Keyed; ConditionCheck?: Keyed }
type BatchGet = { RequestItems: Record<string, { Keys: Attributes[] }> }
type Query = {
  TableName: string
  KeyConditionExpression: string
  ExpressionAttributeNames?: Record<string, string>
  ExpressionAttributeValues: Attributes
}

/**
 * A stand-in for DynamoDB that responds at once, so that only the Worker is measured. It stores rows and applies
 * updates as DynamoDB does, for any build. It does not check conditions.
 * @param evenMicros see startStandIn.
 */
export async function startStore(evenMicros?: number): Promise<LoopbackServer> {
  const tables = new Map(TABLES.map((shape) => [shape.name, new StoredTable(shape)]))
  const tableOf = (name: string): StoredTable => {
    const table = tables.get(name)
    if (table === undefined) throw new Error(`The store has no table ${name}`)
    return table
  }

  function update(input: Keyed & Update): Attributes {
    const table = tableOf(input.TableName)
    const row = applyUpdate(table.get(input.Key) ?? input.Key, input)
    table.put(row)
    return row
  }
  function write({ Put, Update, Delete, ConditionCheck }: Write): void {
    if (Put) tableOf(Put.TableName).put(Put.Item)
    else if (Update) update(Update)
    else if (Delete) tableOf(Delete.TableName).delete(Delete.Key)
    else if (!ConditionCheck) throw new Error('The transaction has an unknown write')
  }

  const operations: Record<string, (input: never) => object> = {
    TransactWriteItems: ({ TransactItems }: { TransactItems: Write[] }) => {
      TransactItems.forEach(write)
      return {}
    },
    PutItem: ({ TableName, Item }: Put) => {
      tableOf(TableName).put(Item)
      return {}
    },
    UpdateItem: (input: Keyed & Update) => {
      const row = update(input)
      return input.ReturnValues === 'ALL_NEW' ? { Attributes: row } : {}
    },
    DeleteItem: ({ TableName, Key, ReturnValues }: Keyed) => {
      const row = tableOf(TableName).delete(Key)
      return row && ReturnValues === 'ALL_OLD' ? { Attributes: row } : {}
    },
    GetItem: ({ TableName, Key }: Keyed) => {
      const Item = tableOf(TableName).get(Key)
      return Item ? { Item } : {}
    },
    BatchGetItem: ({ RequestItems }: BatchGet) => {
      const found = Object.entries(RequestItems).map(([name, { Keys }]) => [
        name,
        Keys.flatMap((key) => tableOf(name).get(key) ?? []),
      ])
      return { Responses: Object.fromEntries(found), UnprocessedKeys: {} }
    },
    Query: ({ TableName, KeyConditionExpression, ...expression }: Query) => {
      const wanted = KeyConditionExpression.split(' AND ').map((equality) => {
        const [, name = '', placeholder = ''] = /^(#?\w+) = (:\w+)$/.exec(equality) ?? []
        const value = expression.ExpressionAttributeValues[placeholder]
        if (value === undefined) throw new Error(`No such query: ${KeyConditionExpression}`)
        return [expression.ExpressionAttributeNames?.[name] ?? name, value] as const
      })
      const Items = tableOf(TableName).query(wanted[0]!, ...wanted.slice(1))
      return { Items, Count: Items.length, ScannedCount: Items.length }
    },
  }

  return startStandIn((headers, input) => {
    const name = String(headers['x-amz-target']).split('.').at(-1)!
    const operation = operations[name]
    if (operation === undefined) throw new Error(`The store has no operation ${name}`)
    return operation(input as never)
  }, evenMicros)
}
