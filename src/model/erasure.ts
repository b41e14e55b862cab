import type { Config } from '../base/config.ts'
import type { Delete, Update } from '../dynamo/db.ts'
import { approvalKey, isCompany, type ApprovalRow } from './approval.ts'
import type { AuditRow } from './audit.ts'

/** Whether a row shuts out a company address. It must stay, because without it the address could sign in again. */
export const isShutOut = (config: Config, row: ApprovalRow): boolean =>
  isCompany(config, row.email) && row.revokedAt != null

/** Deletes an approval, unless isShutOut. */
export const deleteApproval = (config: Config, email: string): Delete<ApprovalRow> => ({
  Delete: {
    ...approvalKey(config, email),
    ...(isCompany(config, email)
      ? {
          ConditionExpression:
            'attribute_not_exists(revokedAt) OR attribute_type(revokedAt, :null)',
          ExpressionAttributeValues: { ':null': 'NULL' },
        }
      : {}),
  },
})

/** Keeps in an audit row who did what and when, and removes whom it was about. */
export const anonymiseAudit = (config: Config, { tokenId }: AuditRow): Update<AuditRow> => ({
  Update: {
    TableName: config.TOKENS_TABLE,
    Key: { tokenId },
    UpdateExpression: 'REMOVE email, #before, #after, reason',
    // TTL may have deleted the row. Without this condition, the update would create an empty one.
    ConditionExpression: 'attribute_exists(tokenId)',
    ExpressionAttributeNames: { '#before': 'before', '#after': 'after' },
  },
})
