import { expect } from 'vitest'
import { APPROVALS_TABLE } from '../../../src/base/tables.ts'
import type { describeApproval, describeChange } from '../../../src/console/approvals/describe.ts'
import type { Item } from '../../../src/dynamo/items.ts'
import { auditOf, type AuditRow } from '../../../src/model/audit.ts'
import { parseConfig } from '../../../src/base/config.ts'
import { nowSeconds } from './clock.ts'
import { send, type Console, type Headers } from './console.ts'
import { newEmail } from './latchkey.ts'

export type Approval = Awaited<ReturnType<typeof describeApproval>>
export type Change = ReturnType<typeof describeChange>
export type OneApproval = { approval: Approval; history: Change[] }

export const DAY = 86_400

/** An address outside of the company. */
export const newGuest = (): string => newEmail('guests.example')

export const pathOf = (email: string): string => `/v1/approvals/${encodeURIComponent(email)}`

export const approveBody = (app: Console, email: string, more: object = {}): object => ({
  email,
  company: 'Acme Corp',
  reason: 'Enterprise trial',
  expiresAt: nowSeconds(app) + 30 * DAY,
  ...more,
})

export const approveBy = (
  app: Console,
  who: Headers,
  email: string,
  more: object = {},
): Promise<Response> => send(app, 'POST', '/v1/approvals', who, approveBody(app, email, more))

/** An approval that must succeed, and its entity tag. */
export async function approved(app: Console, who: Headers, email = newGuest(), more: object = {}) {
  const answer = await approveBy(app, who, email, more)
  expect(answer.status, await answer.clone().text()).toBe(201)
  return { email, etag: answer.headers.get('ETag')! }
}

export const readApproval = async (
  app: Console,
  who: Headers,
  email: string,
): Promise<OneApproval> => {
  const answer = await send(app, 'GET', pathOf(email), who)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return answer.json()
}

export const change = (
  app: Console,
  who: Headers,
  email: string,
  etag: string | undefined,
  body: object,
): Promise<Response> =>
  send(app, 'PATCH', pathOf(email), who, body, etag === undefined ? {} : { 'If-Match': etag })

export const act = (
  app: Console,
  who: Headers,
  action: 'withdraw' | 'restore',
  email: string,
  etag: string | undefined,
  body: object = {},
): Promise<Response> =>
  send(
    app,
    'POST',
    `${pathOf(email)}/${action}`,
    who,
    body,
    etag === undefined ? {} : { 'If-Match': etag },
  )

/** The row itself, past the console. */
export const approvalRow = (app: Console, email: string): Promise<Item | undefined> =>
  app.db.get<Item>({ TableName: APPROVALS_TABLE, Key: { email } })

/** A row as somebody types it by hand. */
export const typeByHand = (app: Console, row: Item): Promise<unknown> =>
  app.db.transact({ row: { Put: { TableName: APPROVALS_TABLE, Item: row } } })

export const auditRows = async (app: Console, email: string): Promise<AuditRow[]> =>
  (await app.db.query(auditOf(parseConfig(app.env), email))).rows
