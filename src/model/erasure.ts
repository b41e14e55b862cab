import type { Config } from '../base/config.ts'
import type { Delete, Update } from '../dynamo/db.ts'
import { approvalKey, isCompany, type ApprovalRow } from './approval.ts'
import type { AuditRow } from './audit.ts'

/** Whether a row keeps a company address out: it must stay, since without it the domain would let the address in. */
export const isShutOut = (config: Config, row: ApprovalRow): boolean =>
  isCompany(config, row.email) && row.revokedAt != null

/** Deletes an approval, unless it isShutOut. */
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

/** Leaves of an audit row who did what and when, and takes out whom it was about. */
export const anonymiseAudit = (config: Config, { tokenId }: AuditRow): Update<AuditRow> => ({
  Update: {
    TableName: config.TOKENS_TABLE,
    Key: { tokenId },
    UpdateExpression: 'REMOVE email, #before, #after, reason',
    // TTL may have taken the row: an update would make an empty one.
    ConditionExpression: 'attribute_exists(tokenId)',
    ExpressionAttributeNames: { '#before': 'before', '#after': 'after' },
  },
})
