import { APPROVALS_TABLE, TOKENS_TABLE, tokensTable } from '../../../src/base/tables.ts'
import {
  indexUnits,
  queryUnits,
  readUnits,
  writeUnits,
  type Attributes,
  type Units,
} from '../../../scripts/cost/units.ts'
import { callDynamo } from './rows.ts'
import { startLatchkey, type Latchkey } from './latchkey.ts'

type Target = { TableName: string; Key?: Attributes; Item?: Attributes }
type Written = Target & { doubled: boolean }

const INDEXES = tokensTable().GlobalSecondaryIndexes!.map(({ KeySchema }) => ({
  keys: KeySchema.map(({ AttributeName }) => AttributeName),
}))

const KEYS: Record<string, string> = {
  [TOKENS_TABLE]: 'tokenId',
  [APPROVALS_TABLE]: 'email',
}

/** A Worker whose DynamoDB calls are weighed by the documented rules, from the rows before and after each call. */
export function startMeasured() {
  const used = new Map<string, Units>()
  const rowAt = async ({ TableName, Key, Item }: Target): Promise<Attributes | undefined> => {
    const key = Key ?? { [KEYS[TableName]!]: Item![KEYS[TableName]!]! }
    const input = { TableName, Key: key, ConsistentRead: true }
    return (await callDynamo<{ Item?: Attributes }>(app.env, 'GetItem', input)).Item
  }

  async function measure(operation: string, body: unknown, send: () => Promise<Response>) {
    const units = { read: 0, write: 0 }
    const written = writesOf(operation, body)
    const before = await Promise.all(written.map(rowAt))
    const answer = await send()
    const after = await Promise.all(written.map(rowAt))
    for (const [i, { TableName, doubled }] of written.entries()) {
      units.write += writeUnits(before[i], after[i]) * (doubled ? 2 : 1)
      if (TableName !== TOKENS_TABLE) continue
      for (const index of INDEXES) units.write += indexUnits(index, before[i], after[i])
    }
    const read = await Promise.all(readsOf(operation, body).map(rowAt))
    for (const row of read) units.read += readUnits(row)
    if (operation === 'Query') {
      units.read += queryUnits((await answer.clone().json<{ Items: Attributes[] }>()).Items)
    }
    const sum = used.get(operation) ?? { read: 0, write: 0 }
    used.set(operation, { read: sum.read + units.read, write: sum.write + units.write })
    return answer
  }

  const app: Latchkey = startLatchkey({
    env: { NEW_DEVICE_MAIL: 'on' },
    world: {
      fetch: (url, init) => {
        const target = new Headers(init.headers).get('X-Amz-Target')
        // Without the deadline of a try: a second try would count twice.
        const send = () => fetch(url, { ...init, signal: null })
        return target === null
          ? send()
          : measure(target.split('.')[1]!, JSON.parse(init.body as string), send)
      },
    },
  })
  return {
    app,
    /** What `flow` consumes, with the work after its response, by operation. */
    byOperation: async (flow: () => Promise<unknown>): Promise<Record<string, Units>> => {
      await app.settle()
      used.clear()
      await flow()
      await app.settle()
      return Object.fromEntries(used)
    },
  }
}

export const sumOf = (units: Record<string, Units>): Units => {
  const sum = { read: 0, write: 0 }
  for (const { read, write } of Object.values(units)) {
    sum.read += read
    sum.write += write
  }
  return sum
}

function writesOf(operation: string, body: unknown): Written[] {
  if (operation === 'UpdateItem') return [{ ...(body as Target), doubled: false }]
  if (operation !== 'TransactWriteItems') return []
  const { TransactItems } = body as { TransactItems: Record<string, Target>[] }
  return TransactItems.map((part) => ({ ...Object.values(part)[0]!, doubled: true }))
}

function readsOf(operation: string, body: unknown): Target[] {
  if (operation === 'GetItem') return [body as Target]
  if (operation !== 'BatchGetItem') return []
  const { RequestItems } = body as { RequestItems: Record<string, { Keys: Attributes[] }> }
  return Object.entries(RequestItems).flatMap(([TableName, { Keys }]) =>
    Keys.map((Key) => ({ TableName, Key })),
  )
}

/** From now on, the calls of the app are listed with the capacity that DynamoDB Local reports for them. */
export const reportCapacity = (app: Latchkey): Promise<unknown> => {
  const endpoint = new URL(String(app.env['DYNAMODB_ENDPOINT']))
  endpoint.pathname = `/_control${endpoint.pathname}`
  return fetch(endpoint, { method: 'POST' })
}
