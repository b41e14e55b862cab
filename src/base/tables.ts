/**
 * The two tables, in one place: the Worker, the scripts and the tests all read this. Shapes are those
 * of DynamoDB's CreateTable and UpdateTimeToLive.
 */

export type KeyAttribute = { AttributeName: string; AttributeType: 'S' | 'N' }
export type KeySchema = { AttributeName: string; KeyType: 'HASH' | 'RANGE' }[]
export type CreateTable = {
  TableName: string
  BillingMode: 'PAY_PER_REQUEST'
  AttributeDefinitions: KeyAttribute[]
  KeySchema: KeySchema
  GlobalSecondaryIndexes?: {
    IndexName: string
    KeySchema: KeySchema
    Projection: { ProjectionType: 'ALL' }
  }[]
}

export const TOKENS_TABLE = 'mobile-auth-tokens'
export const APPROVALS_TABLE = 'mobile-approved-emails'

/** Lists a person's tokens by time (access pattern 4). Eventually consistent: it lists, it never decides. */
export const EMAIL_INDEX = 'email-index'
/** Lists a person's sessions (access pattern 3). Eventually consistent: it lists, it never decides. */
export const USER_INDEX = 'userId-tokenType-index'

/** DynamoDB deletes a token some time (up to days) after this attribute, in Unix seconds, has passed. */
export const TTL_ATTRIBUTE = 'expiresAt'

export function tokensTable(name: string = TOKENS_TABLE): CreateTable {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'tokenId', AttributeType: 'S' },
      { AttributeName: 'email', AttributeType: 'S' },
      { AttributeName: 'createdAt', AttributeType: 'N' },
      { AttributeName: 'userId', AttributeType: 'S' },
      { AttributeName: 'tokenType', AttributeType: 'S' },
    ],
    KeySchema: [{ AttributeName: 'tokenId', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: EMAIL_INDEX,
        KeySchema: [
          { AttributeName: 'email', KeyType: 'HASH' },
          { AttributeName: 'createdAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
      {
        IndexName: USER_INDEX,
        KeySchema: [
          { AttributeName: 'userId', KeyType: 'HASH' },
          { AttributeName: 'tokenType', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  }
}

/** Approvals have no TTL: `expiresAt` there is a date that stays readable after it has passed. */
export function approvalsTable(name: string = APPROVALS_TABLE): CreateTable {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'email', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'email', KeyType: 'HASH' }],
  }
}
