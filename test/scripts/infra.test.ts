import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { approvalsTable, tokensTable } from '../../src/base/tables.ts'
import { accessesOf, isAllowed } from '../../scripts/infra/access.ts'
import { cloudFormation } from '../../scripts/infra/cloudformation.ts'
import { policyOf, WORKERS } from '../../scripts/infra/iam.ts'
import { INFRA_FILES } from '../../scripts/infra/infra.ts'
import { terraform } from '../../scripts/infra/terraform.ts'

const APPROVALS = 'mobile-approved-emails'
const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']

describe('works', () => {
  it.each(Object.keys(INFRA_FILES))('%s is up to date: npm run infra', (file) => {
    expect(readFileSync(file, 'utf8')).toBe(INFRA_FILES[file])
  })

  it('gives no Worker every table, every index or every action', () => {
    for (const worker of WORKERS) {
      const dynamodb = JSON.stringify(policyOf(worker)).match(
        /"(?:dynamodb:|arn:aws:dynamodb:)[^"]*"/g,
      )!
      expect(dynamodb.length).toBeGreaterThan(5)
      for (const one of dynamodb) expect(one).not.toMatch(/dynamodb:\*"|table\/\*|index\/\*/)
    }
  })

  it('has no wildcard in a policy of CloudFormation or Terraform', () => {
    for (const made of [cloudFormation().Resources, terraform().data]) {
      expect(JSON.stringify(made)).not.toContain('*')
    }
  })

  it('creates the Worker’s tables in CloudFormation and Terraform, retained and protected', () => {
    const { TokensTable, ApprovalsTable } = cloudFormation().Resources as Record<
      string,
      { Properties: Record<string, unknown> }
    >
    for (const [made, { TableName: _, ...schema }] of [
      [TokensTable, tokensTable()],
      [ApprovalsTable, approvalsTable()],
    ] as const) {
      expect(made).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
      expect(made!.Properties).toMatchObject({
        ...schema,
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      })
    }
    expect(TokensTable!.Properties['TimeToLiveSpecification']).toEqual({
      AttributeName: 'expiresAt',
      Enabled: true,
    })
    expect(ApprovalsTable!.Properties).not.toHaveProperty('TimeToLiveSpecification')

    const { tokens, approvals } = terraform().resource.aws_dynamodb_table
    for (const made of [tokens!, approvals!]) {
      expect(made).toMatchObject({
        billing_mode: 'PAY_PER_REQUEST',
        deletion_protection_enabled: true,
        point_in_time_recovery: { enabled: true },
        lifecycle: { prevent_destroy: true },
      })
    }
    expect(tokens).toMatchObject({
      hash_key: 'tokenId',
      ttl: { attribute_name: 'expiresAt', enabled: true },
      global_secondary_index: [
        { name: 'email-index', hash_key: 'email', range_key: 'createdAt', projection_type: 'ALL' },
        {
          name: 'userId-tokenType-index',
          hash_key: 'userId',
          range_key: 'tokenType',
          projection_type: 'ALL',
        },
      ],
    })
    expect(approvals).toMatchObject({ hash_key: 'email', ttl: undefined })
  })

  it('T96: trusts one Worker of one issuer with each role, in every format', () => {
    for (const worker of WORKERS) {
      const condition = (host: string) => ({
        StringEquals: {
          [`${host}:aud`]: 'sts.amazonaws.com',
          [`${host}:sub`]: `latchkey:${worker}`,
        },
      })
      const plain = JSON.parse(INFRA_FILES[`infra/iam/latchkey-${worker}-trust.json`]!) as object
      expect(plain).toMatchObject({ Statement: [{ Condition: condition('auth.example.com') }] })

      const resources = cloudFormation().Resources as Record<string, { Properties: object }>
      const id = worker === 'public' ? 'Public' : 'Console'
      const { RoleName, AssumeRolePolicyDocument: trust } = resources[`${id}Role`]!.Properties as {
        RoleName: string
        AssumeRolePolicyDocument: { 'Fn::Sub': string }
      }
      expect(RoleName).toBe(`latchkey-${worker}`)
      expect(JSON.parse(trust['Fn::Sub'])).toEqual({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Federated: '${IssuerProvider.Arn}' },
            Action: 'sts:AssumeRoleWithWebIdentity',
            Condition: condition('${IssuerHost}'),
          },
        ],
      })

      const { name, assume_role_policy } = terraform().resource.aws_iam_role[worker]!
      expect(name).toBe(RoleName)
      expect(JSON.parse(assume_role_policy)).toMatchObject({
        Statement: [{ Condition: condition('${var.issuer_host}') }],
      })
    }
    const { IssuerProvider } = cloudFormation().Resources as Record<string, unknown>
    expect(IssuerProvider).toMatchObject({ Properties: { ClientIdList: ['sts.amazonaws.com'] } })
  })

  it('checks each part of a transaction and each table of a batch', () => {
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
  it.each(WRITES)('the public Worker permission to %s an approval', (action) => {
    expect(isAllowed('public', { action, table: APPROVALS })).toBe(false)
  })

  it('access to a table or an index without a grant, and a Scan of the tokens', () => {
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
