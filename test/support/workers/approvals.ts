import { APPROVALS_TABLE } from '../../../src/base/tables.ts'
import type { ApprovalRow } from '../../../src/model/approval.ts'
import { nowSeconds } from './clock.ts'
import type { Latchkey } from './latchkey.ts'

/** Approves an address, as somebody who may write approvals does. A member that is undefined is left out. */
export const approve = (
  app: Latchkey,
  email: string,
  more: Partial<Record<keyof ApprovalRow, string | number | null>> = {},
): Promise<unknown> =>
  app.db.transact({
    approval: {
      Put: {
        TableName: APPROVALS_TABLE,
        Item: { email, approvedBy: 'test', approvedAt: nowSeconds(app), expiresAt: null, ...more },
      },
    },
  })

/** Withdraws an approval, or shuts out a company address that has none. */
export const withdraw = (app: Latchkey, email: string): Promise<unknown> =>
  app.db.update({
    Update: {
      TableName: APPROVALS_TABLE,
      Key: { email },
      UpdateExpression: 'SET revokedAt = :at, revokedBy = :by',
      ExpressionAttributeValues: { ':by': 'test', ':at': nowSeconds(app) },
    },
  })
