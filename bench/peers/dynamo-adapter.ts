import { AwsClient } from 'aws4fetch'
import { createAdapterFactory, type AdapterFactory } from 'better-auth/adapters'
import type { BetterAuthOptions } from 'better-auth/types'
import { env } from './env.ts'
import { attributeOf, itemOf, rowOf, type Item, type Row } from './items.ts'

/** The key of each table: the field by which Better Auth finds its rows most often. */
const KEYS: Record<string, string> = { session: 'token', verification: 'identifier' }
/** The other fields that Better Auth looks up. Each has an index of that name. */
const INDEXES: Record<string, string[]> = { user: ['email'], session: ['userId'] }

type Condition = { field: string; value: unknown; operator: string | undefined }
type Many = { model: string; where?: Condition[] | undefined; limit: number }
type Answer = { Item?: Item; Items?: Item[]; Attributes?: Item }

/**
 * A thin adapter of Better Auth for DynamoDB, written for this benchmark: one table for each model, and one call to
 * DynamoDB for each call of Better Auth. It does less than an adapter for production must: it does not keep the email
 * addresses of users unique, and it reads no second page.
 */
export function dynamoAdapter(endpoint: string): AdapterFactory<BetterAuthOptions> {
  const aws = new AwsClient({
    accessKeyId: env.AWS_ACCESS_KEY_ID,
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
    region: env.AWS_REGION,
    service: 'dynamodb',
  })

  async function call(operation: string, model: string, input: object): Promise<Answer> {
    const response = await aws.fetch(endpoint, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': `DynamoDB_20120810.${operation}`,
      },
      body: JSON.stringify({ TableName: `bench-better-auth-${model}`, ...input }),
    })
    if (!response.ok) throw new Error(`DynamoDB refused ${operation}: ${await response.text()}`)
    return response.json<Answer>()
  }

  async function find(model: string, where: Condition[]): Promise<Row[]> {
    const Key = keyIn(model, where)
    const items = Key
      ? [(await call('GetItem', model, { Key, ConsistentRead: true })).Item ?? []].flat()
      : await query(model, where)
    return items.map(rowOf).filter((row) => where.every((one) => holds(row, one)))
  }

  async function query(model: string, where: Condition[]): Promise<Item[]> {
    const indexed = where.find((one) => isEqual(one) && INDEXES[model]?.includes(one.field))
    if (!indexed) throw new Error(`No index of ${model} serves this query`)
    const { Items } = await call('Query', model, {
      IndexName: indexed.field,
      KeyConditionExpression: '#field = :value',
      ExpressionAttributeNames: { '#field': indexed.field },
      ExpressionAttributeValues: { ':value': attributeOf(indexed.value) },
    })
    return Items ?? []
  }

  /** The keys of the rows that match. It reads nothing when the key is all that is asked. */
  async function keys(model: string, where: Condition[]): Promise<Item[]> {
    const key = where.length === 1 && keyIn(model, where)
    if (key) return [key]
    return (await find(model, where)).map((row) => itemOf({ [keyOf(model)]: row[keyOf(model)] }))
  }

  async function update(model: string, Key: Item, values: object): Promise<Item | undefined> {
    const fields = Object.entries(values)
    const { Attributes } = await call('UpdateItem', model, {
      Key,
      UpdateExpression: `SET ${fields.map((_, i) => `#f${i} = :v${i}`).join(', ')}`,
      ConditionExpression: 'attribute_exists(#key)',
      ExpressionAttributeNames: {
        '#key': keyOf(model),
        ...Object.fromEntries(fields.map(([field], i) => [`#f${i}`, field])),
      },
      ExpressionAttributeValues: Object.fromEntries(
        fields.map(([, value], i) => [`:v${i}`, attributeOf(value)]),
      ),
      ReturnValues: 'ALL_NEW',
    })
    return Attributes
  }

  async function remove(model: string, Key: Item): Promise<Item | undefined> {
    return (await call('DeleteItem', model, { Key, ReturnValues: 'ALL_OLD' })).Attributes
  }

  return createAdapterFactory({
    config: { adapterId: 'bench-dynamodb', supportsDates: false, transaction: false },
    adapter: () => ({
      async create({ model, data }) {
        // A verification is found by its identifier, and consumed by its id: they are the same here.
        const row = model === 'verification' ? { ...data, id: data['identifier'] as string } : data
        await call('PutItem', model, {
          Item: itemOf(row),
          ConditionExpression: 'attribute_not_exists(#key)',
          ExpressionAttributeNames: { '#key': keyOf(model) },
        })
        return row
      },
      findOne: async <T>({ model, where }: { model: string; where: Condition[] }) =>
        ((await find(model, where))[0] ?? null) as T | null,
      async findMany<T>({ model, where = [], limit }: Many) {
        return (await find(model, where)).slice(0, limit) as T[]
      },
      count: async ({ model, where = [] }) => (await find(model, where)).length,
      async update({ model, where, update: values }) {
        const [key] = await keys(model, where)
        const item = key && (await update(model, key, values as object))
        return item ? (rowOf(item) as typeof values) : null
      },
      async updateMany({ model, where, update: values }) {
        const found = await keys(model, where)
        await Promise.all(found.map((key) => update(model, key, values)))
        return found.length
      },
      async delete({ model, where }) {
        for (const key of await keys(model, where)) await remove(model, key)
      },
      async deleteMany({ model, where }) {
        const found = await keys(model, where)
        await Promise.all(found.map((key) => remove(model, key)))
        return found.length
      },
      async consumeOne<T>({ model, where }: { model: string; where: Condition[] }) {
        const [key] = await keys(model, where)
        const item = key && (await remove(model, key))
        return (item ? rowOf(item) : null) as T | null
      },
    }),
  })
}

const keyOf = (model: string): string => KEYS[model] ?? 'id'

/** The operator is `eq` when none is given. */
const isEqual = ({ operator = 'eq' }: Condition): boolean => operator === 'eq'

function keyIn(model: string, where: Condition[]): Item | undefined {
  const names = model === 'verification' ? ['identifier', 'id'] : [keyOf(model)]
  const found = where.find((one) => isEqual(one) && names.includes(one.field))
  return found && { [keyOf(model)]: attributeOf(found.value) }
}

function holds(row: Row, { field, value, operator = 'eq' }: Condition): boolean {
  const stored = row[field] as string
  switch (operator) {
    case 'eq':
      return stored === value
    case 'ne':
      return stored !== value
    case 'lt':
      return stored < (value as string)
    case 'lte':
      return stored <= (value as string)
    case 'gt':
      return stored > (value as string)
    case 'gte':
      return stored >= (value as string)
    case 'in':
      return (value as unknown[]).includes(stored)
    default:
      throw new Error(`The adapter has no operator ${operator}`)
  }
}
