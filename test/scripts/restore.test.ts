import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { describe, expect, inject, it } from 'vitest'
import { localAws } from '../../dev/local-aws.ts'
import { dynamoCall } from '../../scripts/tables/dynamo-call.ts'
import { readAll, textOf } from '../../scripts/tables/read-all.ts'
import { ensureTables } from '../../scripts/tables/tables.ts'
import { toAttributes, type Item } from '../../src/dynamo/items.ts'

const endpoint: string = inject('dynamodbEndpoint')
const aws = localAws(endpoint)

type Names = { tokens: string; approvals: string }
type Rows = { tokens?: Item[]; approvals?: Item[] }

async function tablesWith(rows: Rows): Promise<Names> {
  const id = randomUUID()
  const names = { tokens: `tokens-${id}`, approvals: `approvals-${id}` }
  await ensureTables(aws, names)
  for (const table of ['tokens', 'approvals'] as const) {
    for (const row of rows[table] ?? []) {
      await dynamoCall(aws, 'PutItem', { TableName: names[table], Item: toAttributes(row) })
    }
  }
  return names
}

function restore(old: Names, flags: string[]): { status: number | null; lines: string[] } {
  const env = {
    PATH: process.env['PATH'],
    DYNAMODB_ENDPOINT: endpoint,
    TOKENS_TABLE: old.tokens,
    APPROVALS_TABLE: old.approvals,
  }
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['scripts/restore/restore.ts', ...flags],
    { env, encoding: 'utf8' },
  )
  const lines = `${stdout}${stderr}`.trim().split('\n')
  return { status, lines: lines.map((line) => line.replace(/ +/, ' ')).toSorted() }
}

const approval = (email: string, more: Item = {}): Item => ({ email, expiresAt: null, ...more })
const identity = (tokenId: string, userId: string, expiresAt: number | null = null): Item => ({
  tokenId,
  tokenType: 'address',
  userId,
  expiresAt,
})
const session = (userId: string, email: string): Item => ({
  tokenId: `ses_${randomUUID()}`,
  tokenType: 'session',
  userId,
  email,
  createdAt: 1,
})

const approvalOf = async ({ approvals }: Names, email: string) => {
  const rows = await readAll(aws, 'Scan', { TableName: approvals })
  return rows.find((row) => textOf(row['email']) === email)
}

describe('works', () => {
  it('lists what was decided since the backup, and copies only what is named', async () => {
    const kept = approval('kept@example.net')
    const old = await tablesWith({
      approvals: [
        kept,
        approval('left@example.net', { revokedAt: 5, revokedBy: 'admin' }),
        // A company address that was shut out had no row when the backup was made.
        approval('shut-out@example.org', { revokedAt: 6 }),
        approval('phone@example.net', { phoneNumber: '+14155550002' }),
        approval('new@example.net'),
      ],
    })
    const restored = await tablesWith({
      approvals: [
        kept,
        approval('left@example.net'),
        approval('phone@example.net', { phoneNumber: '+14155550001' }),
        approval('erased@example.net'),
      ],
    })
    const found = [
      'changed phone@example.net',
      'created new@example.net',
      'gone approval erased@example.net',
      'withdrawn left@example.net',
      'withdrawn shut-out@example.org',
    ]
    const flags = ['--approvals', restored.approvals]
    expect(restore(old, flags)).toEqual({
      status: 0,
      lines: [...found, 'copied 0 of 4 rows that differ'].toSorted(),
    })
    expect(await approvalOf(restored, 'left@example.net')).not.toHaveProperty('revokedAt')

    const copied = restore(old, [...flags, '--copy', 'withdrawn'])
    expect(copied.lines).toContain('copied 2 of 4 rows that differ')
    for (const email of ['left@example.net', 'shut-out@example.org']) {
      expect(await approvalOf(restored, email)).toHaveProperty('revokedAt')
    }
    expect(await approvalOf(restored, 'new@example.net')).toBeUndefined()

    restore(old, [...flags, '--copy', 'changed,created'])
    expect(await approvalOf(restored, 'phone@example.net')).toMatchObject({
      phoneNumber: { S: '+14155550002' },
    })
    expect(restore(old, flags).lines).toEqual([
      'copied 0 of 0 rows that differ',
      'gone approval erased@example.net',
    ])
  })

  it('finds people who are new, and people who were erased, with their addresses', async () => {
    const old = await tablesWith({
      tokens: [
        identity('adr_kept', 'usr_kept'),
        identity('adr_new', 'usr_new'),
        identity('adr_back', 'usr_second'),
        // These never signed in, so nobody knows their user ids.
        identity('adr_asked', 'usr_asked', 99),
        { tokenId: 'adr_erased', tokenType: 'address', expiresAt: 99 },
      ],
    })
    const restored = await tablesWith({
      tokens: [
        identity('adr_kept', 'usr_kept'),
        identity('adr_back', 'usr_first'),
        identity('adr_erased', 'usr_erased'),
        session('usr_erased', 'erased@example.net'),
        session('usr_first', 'back@example.net'),
      ],
    })
    const flags = ['--tokens', restored.tokens]
    const gone = [
      'gone person usr_erased erased@example.net',
      'gone person usr_first back@example.net',
    ]
    expect(restore(old, flags).lines).toEqual([
      'copied 0 of 2 rows that differ',
      ...gone,
      'identities adr_back',
      'identities adr_new',
    ])
    restore(old, [...flags, '--copy', 'identities'])
    expect(restore(old, flags).lines).toEqual(['copied 0 of 0 rows that differ', gone[0]])
  })
})

describe('refuses', () => {
  it('to run without a restored table, and to copy what it does not know', async () => {
    const old = { tokens: 'a', approvals: 'b' }
    expect(restore(old, [])).toMatchObject({
      status: 1,
      lines: expect.arrayContaining(['Name a restored table.']) as string[],
    })
    expect(restore(old, ['--tokens', 'c', '--copy', 'everything'])).toEqual({
      status: 1,
      lines: ['--copy must be one of withdrawn, changed, created, identities'],
    })
  })
})
