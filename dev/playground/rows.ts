import { dynamoCall } from '../../scripts/tables/dynamo-call.ts'
import { APPROVALS_TABLE, EMAIL_INDEX, TOKENS_TABLE } from '../../src/base/tables.ts'
import { fromAttributes, type AttributeValue, type Item } from '../../src/dynamo/items.ts'
import { addressIdOf } from '../../src/model/address.ts'
import type { Aws } from '../local-aws.ts'
import type { Rows } from './wire.ts'

type Attributes = Record<string, AttributeValue>

/** Reads a person's rows from both tables, past the Worker and its faults. */
export async function readRows(aws: Aws, email: string): Promise<Rows> {
  const get = async (TableName: string, key: string, value: string): Promise<Item | null> => {
    const input = { TableName, Key: { [key]: { S: value } }, ConsistentRead: true }
    const { Item } = await dynamoCall<{ Item?: Attributes }>(aws, 'GetItem', input)
    return Item === undefined ? null : fromAttributes(Item)
  }
  const [approval, address, { Items }] = await Promise.all([
    get(APPROVALS_TABLE, 'email', email),
    addressIdOf(email).then((id) => get(TOKENS_TABLE, 'tokenId', id)),
    dynamoCall<{ Items: Attributes[] }>(aws, 'Query', {
      TableName: TOKENS_TABLE,
      IndexName: EMAIL_INDEX,
      KeyConditionExpression: 'email = :email',
      ExpressionAttributeValues: { ':email': { S: email } },
    }),
  ])
  const indexed = Items.map(fromAttributes)
  const ofType = (type: string) => indexed.filter(({ tokenType }) => tokenType === type)
  const [links, sessions] = [ofType('magic_link'), ofType('session')]
  return { approval, address, links, sessions, audits: ofType('audit') }
}

/** As if the minute between two messages to an address had passed. */
export async function forgetMinute(aws: Aws, email: string): Promise<void> {
  await dynamoCall(aws, 'UpdateItem', {
    TableName: TOKENS_TABLE,
    Key: { tokenId: { S: await addressIdOf(email) } },
    UpdateExpression: 'REMOVE sentAt1',
  })
}
