import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { accessesOf, isAllowed } from '../../scripts/policies/access.ts'
import { GRANTS, type WorkerName } from '../../scripts/policies/grants.ts'
import { fileOf, policyText } from '../../scripts/policies/policies.ts'

const WORKERS = Object.keys(GRANTS) as WorkerName[]
const APPROVALS = 'mobile-approved-emails'
const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']

describe('works', () => {
  it.each(WORKERS)(
    'the policy of the %s Worker is what the grants say: npm run policies',
    (worker) => {
      expect(readFileSync(fileOf(worker), 'utf8')).toBe(policyText(worker))
    },
  )

  it('no Worker may do anything with every table, every index or every action', () => {
    for (const worker of WORKERS) {
      const dynamodb = policyText(worker).match(/"(?:dynamodb:|arn:aws:dynamodb:)[^"]*"/g)!
      expect(dynamodb.length).toBeGreaterThan(5)
      for (const one of dynamodb) expect(one).not.toMatch(/dynamodb:\*"|table\/\*|index\/\*/)
    }
  })

  it('looks at each part of a transaction and each table of a batch', () => {
    const TransactItems = [
      { ConditionCheck: { TableName: APPROVALS } },
      { Update: { TableName: APPROVALS } },
      { Put: { TableName: 'mobile-auth-tokens' } },
    ]
    expect(accessesOf('TransactWriteItems', { TransactItems })).toEqual([
      { action: 'ConditionCheckItem', table: APPROVALS },
      { action: 'UpdateItem', table: APPROVALS },
      { action: 'PutItem', table: 'mobile-auth-tokens' },
    ])
    expect(accessesOf('BatchGetItem', { RequestItems: { a: {}, b: {} } })).toEqual([
      { action: 'BatchGetItem', table: 'a' },
      { action: 'BatchGetItem', table: 'b' },
    ])
  })
})

describe('refuses', () => {
  it.each(WRITES)('the public Worker the right to %s an approval', (action) => {
    expect(isAllowed('public', { action, table: APPROVALS })).toBe(false)
  })

  it('a table or an index that no grant names, and a Scan of the tokens', () => {
    for (const worker of WORKERS) {
      expect(isAllowed(worker, { action: 'GetItem', table: 'other' })).toBe(false)
      expect(isAllowed(worker, { action: 'Scan', table: 'mobile-auth-tokens' })).toBe(false)
      expect(isAllowed(worker, { action: 'Query', table: 'mobile-auth-tokens' })).toBe(false)
      expect(
        isAllowed(worker, { action: 'Query', table: 'mobile-auth-tokens', index: 'other-index' }),
      ).toBe(false)
    }
  })
})
