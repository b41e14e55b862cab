/**
 * The definitions of the two tables, in the format of DynamoDB's CreateTable. The Worker, the scripts and the tests
 * all use them.
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

/**
 * Lists the tokens of an address by time (access pattern 4). It is eventually consistent, so use it only for lists.
 */
export const EMAIL_INDEX = 'email-index'
/** Lists a person's sessions (access pattern 3). It is eventually consistent, so use it only for lists. */
export const USER_INDEX = 'userId-tokenType-index'

/** Unix seconds. DynamoDB deletes a row after this time, possibly days later. */
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

/** Approvals have no TTL, so a row stays readable after its `expiresAt`. */
export function approvalsTable(name: string = APPROVALS_TABLE): CreateTable {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'email', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'email', KeyType: 'HASH' }],
  }
}
