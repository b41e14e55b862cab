import type { Aws } from '../../dev/local-aws.ts'
import { APPROVALS_TABLE, TOKENS_TABLE, USER_INDEX } from '../../src/base/tables.ts'
import { fromAttributes, type Item } from '../../src/dynamo/items.ts'
import type { AddressRow } from '../../src/model/address.ts'
import { isWithdrawn, type ApprovalRow } from '../../src/model/approval.ts'
import { readAll, textOf, type Row } from '../tables/read-all.ts'
import type { TableNames } from '../tables/tables.ts'

/**
 * How the tables of before a restore differ from the restored ones. `withdrawn`, `changed` and `created` are approvals.
 * `identities` are user ids that a first sign-in made. These can be copied.
 */
export const KINDS = ['withdrawn', 'changed', 'created', 'identities'] as const
export type Kind = (typeof KINDS)[number]

/** @param name the address of an approval, or the key of an address row. */
export type Difference = { kind: Kind; table: string; name: string; row: Row }

/** A person or an approval that only the restored tables have. It was erased since, or the damage removed it. */
export type Gone = { what: 'approval' | 'person'; name: string; emails: string[] }

export type Comparison = { differences: Difference[]; gone: Gone[] }

/** Compares approvals. @param old the table of before the restore. */
export async function compareApprovals(
  aws: Aws,
  old: string,
  restored: string,
): Promise<Comparison> {
  const [before, after] = await Promise.all([rowsOf(aws, old), rowsOf(aws, restored)])
  const differences = [...before].flatMap(([name, row]): Difference[] => {
    const kind = kindOf(asItem(row), asItem(after.get(name)))
    return kind === null ? [] : [{ kind, table: restored, name, row }]
  })
  const gone = [...after.keys()]
    .filter((name) => !before.has(name))
    .map((name): Gone => ({ what: 'approval', name, emails: [name] }))
  return { differences, gone }
}

const asItem = (row: Row | undefined): ApprovalRow | undefined =>
  row === undefined ? undefined : (fromAttributes(row) as ApprovalRow)

function kindOf(before: ApprovalRow | undefined, after: ApprovalRow | undefined): Kind | null {
  if (isWithdrawn(before) && !isWithdrawn(after)) return 'withdrawn'
  if (after === undefined) return 'created'
  return isSame(before!, after) ? null : 'changed'
}

const isSame = (one: Item, other: Item): boolean => {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]))
}

async function rowsOf(aws: Aws, TableName: string): Promise<Map<string, Row>> {
  const rows = await readAll(aws, 'Scan', { TableName })
  return new Map(rows.map((row) => [textOf(row['email']), row]))
}

/** Compares the people of two tables of tokens: the user ids of addresses that have signed in. */
export async function compareTokens(aws: Aws, old: string, restored: string): Promise<Comparison> {
  const [before, after] = await Promise.all([identitiesOf(aws, old), identitiesOf(aws, restored)])
  const isOther = ([name, row]: [string, Row], others: Map<string, Row>) =>
    userIdOf(others.get(name)) !== userIdOf(row)
  const differences = [...before]
    .filter((entry) => isOther(entry, after))
    .map(([name, row]): Difference => ({ kind: 'identities', table: restored, name, row }))
  const gone = await Promise.all(
    [...after]
      .filter((entry) => isOther(entry, before))
      .map(async ([, row]): Promise<Gone> => {
        const userId = userIdOf(row)
        return { what: 'person', name: userId, emails: await emailsOf(aws, restored, userId) }
      }),
  )
  return { differences, gone }
}

const userIdOf = (row: Row | undefined): string =>
  textOf(row?.['userId' satisfies keyof AddressRow])

/** A row with an end is that of an address that never signed in. Its user id is not in use yet. */
async function identitiesOf(aws: Aws, TableName: string): Promise<Map<string, Row>> {
  const rows = await readAll(aws, 'Scan', {
    TableName,
    FilterExpression:
      'tokenType = :type AND attribute_exists(userId) AND attribute_type(expiresAt, :null)',
    ExpressionAttributeValues: { ':type': { S: 'address' }, ':null': { S: 'NULL' } },
  })
  return new Map(rows.map((row) => [textOf(row['tokenId']), row]))
}

/** The addresses on the links and sessions of a person. The address row holds only a hash. */
async function emailsOf(aws: Aws, TableName: string, userId: string): Promise<string[]> {
  const rows = await readAll(aws, 'Query', {
    TableName,
    IndexName: USER_INDEX,
    KeyConditionExpression: 'userId = :userId',
    ExpressionAttributeValues: { ':userId': { S: userId } },
  })
  return [...new Set(rows.map(({ email }) => textOf(email)).filter((email) => email !== ''))]
}

/** Compares the tables whose restored names are given. */
export async function compareTables(
  aws: Aws,
  old: TableNames,
  restored: TableNames,
): Promise<Comparison> {
  const comparisons = await Promise.all([
    restored.approvals &&
      compareApprovals(aws, old.approvals ?? APPROVALS_TABLE, restored.approvals),
    restored.tokens && compareTokens(aws, old.tokens ?? TOKENS_TABLE, restored.tokens),
  ])
  const made = comparisons.filter((one) => typeof one === 'object')
  return {
    differences: made.flatMap(({ differences }) => differences),
    gone: made.flatMap(({ gone }) => gone),
  }
}
