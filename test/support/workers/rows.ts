import { AwsClient } from 'aws4fetch'
import { inject } from 'vitest'
import type { Env } from '../../../src/base/config.ts'
import {
  fromAttributes,
  toAttributes,
  type AttributeValue,
  type Item,
} from '../../../src/dynamo/items.ts'
import { TOKENS_TABLE, USER_INDEX } from '../../../src/base/tables.ts'
import type { LinkRow } from '../../../src/model/link.ts'
import { addressIdOf, addressKey, type AddressRow } from '../../../src/model/address.ts'
import type { SessionRow } from '../../../src/model/session.ts'
import { parseConfig } from '../../../src/base/config.ts'
import type { World } from '../../../src/base/world.ts'
import type { Latchkey } from './latchkey.ts'

/** One call of DynamoDB itself, past faults and past the Worker's own client, however long it takes. */
export async function callDynamo<Output>(
  env: Env,
  operation: string,
  input: object,
): Promise<Output> {
  const aws = new AwsClient({
    accessKeyId: String(env['AWS_ACCESS_KEY_ID']),
    secretAccessKey: String(env['AWS_SECRET_ACCESS_KEY']),
    service: 'dynamodb',
    region: String(env['AWS_REGION']),
  })
  const answer = await aws.fetch(inject('dynamodbEndpoint'), {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `DynamoDB_20120810.${operation}`,
    },
    body: JSON.stringify(input),
  })
  if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

type Page = {
  Items: Record<string, AttributeValue>[]
  LastEvaluatedKey?: Record<string, AttributeValue>
}

async function allPages(app: Latchkey, operation: string, input: object): Promise<Item[]> {
  const rows: Item[] = []
  let from: Page['LastEvaluatedKey']
  do {
    const more = from === undefined ? {} : { ExclusiveStartKey: from }
    const page = await callDynamo<Page>(app.env, operation, { ...input, ...more })
    rows.push(...page.Items.map(fromAttributes))
    from = page.LastEvaluatedKey
  } while (from !== undefined)
  return rows
}

/** Writes a row as it stands there, over whatever was at its key. */
export const putRow = (app: Latchkey, Item: Item, TableName = TOKENS_TABLE): Promise<unknown> =>
  app.db.transact({ row: { Put: { TableName, Item } } })

/** Copies of a session's row, as if the person had `count` more phones. */
export async function manySessions(app: Latchkey, sessionId: string, count: number): Promise<void> {
  const row = (await app.db.get<Item>({ TableName: TOKENS_TABLE, Key: { tokenId: sessionId } }))!
  for (let from = 0; from < count; from += 50) {
    const puts = Array.from({ length: Math.min(50, count - from) }, (_, i) => {
      const tokenId = `ses_${crypto.randomUUID().slice(0, 22)}`
      const createdAt = (row['createdAt'] as number) - 1 - from - i
      return { Put: { TableName: TOKENS_TABLE, Item: { ...row, tokenId, createdAt } } }
    })
    const { refused } = await app.db.transact(Object.fromEntries(puts.entries()))
    if (refused !== undefined) throw new Error('a copy was refused')
  }
}

/** Takes a row out of the table, as its owner may demand. */
export const eraseRow = (app: Latchkey, tokenId: string): Promise<unknown> =>
  callDynamo(app.env, 'DeleteItem', {
    TableName: TOKENS_TABLE,
    Key: toAttributes({ tokenId }),
  })

/** The row that says whose an address is. */
export const addressOf = async (app: Latchkey, email: string): Promise<AddressRow | undefined> =>
  app.db.get(addressKey(parseConfig(app.env), await addressIdOf(email)))

export const userIdOf = async (app: Latchkey, email: string): Promise<string> =>
  (await addressOf(app, email))?.userId ?? 'nobody yet'

/** Every row of a person, through the index, which DynamoDB Local writes together with the table. */
export const rowsOf = async (app: Latchkey, email: string): Promise<Item[]> =>
  allPages(app, 'Query', {
    TableName: TOKENS_TABLE,
    IndexName: USER_INDEX,
    KeyConditionExpression: 'userId = :userId',
    ExpressionAttributeValues: toAttributes({ ':userId': await userIdOf(app, email) }),
  })

/** The whole table, as someone who stole it has it; only one person's rows of it. */
export const dumpOf = async (app: Latchkey, email: string): Promise<Item[]> =>
  allPages(app, 'Scan', {
    TableName: TOKENS_TABLE,
    ConsistentRead: true,
    FilterExpression: 'userId = :userId',
    ExpressionAttributeValues: toAttributes({ ':userId': await userIdOf(app, email) }),
  })

/** Every row of a table that names one of the texts, as someone who searches the whole table finds it. */
export const rowsNaming = async (
  app: Latchkey,
  TableName: string,
  ...texts: string[]
): Promise<Item[]> => {
  const rows = await allPages(app, 'Scan', { TableName, ConsistentRead: true })
  return rows.filter((row) => texts.some((text) => JSON.stringify(row).includes(text)))
}

const ofType = async (app: Latchkey, email: string, type: string): Promise<Item[]> =>
  (await rowsOf(app, email)).filter((row) => row['tokenType'] === type)

export const linksOf = async (app: Latchkey, email: string): Promise<LinkRow[]> =>
  (await ofType(app, email, 'magic_link')) as unknown as LinkRow[]

export const sessionsOf = async (app: Latchkey, email: string): Promise<SessionRow[]> =>
  (await ofType(app, email, 'session')) as unknown as SessionRow[]

/**
 * A network that waits for its answer, however long: for floods that keep DynamoDB Local busy for longer than
 * the Worker would wait for DynamoDB itself. Every request is sent at once, and sent once.
 */
export const patientWorld: Partial<World> = {
  fetch: (url, init) => fetch(url, { ...init, signal: null }),
}
