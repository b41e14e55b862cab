import type { UnixSeconds } from '../../base/time.ts'
import type { ApprovalRow } from '../../model/approval.ts'
import { contentOf, stateOf, tagOf } from '../../model/approval-change.ts'
import type { AuditRow } from '../../model/audit.ts'

/** An approval as the API returns it. A member that the row does not have is null. Times in Unix seconds. */
export async function describeApproval(row: ApprovalRow, now: UnixSeconds) {
  return {
    email: row.email,
    state: stateOf(row, now),
    ...contentOf(row),
    approvedBy: row.approvedBy ?? null,
    approvedAt: row.approvedAt ?? null,
    withdrawnAt: row.revokedAt ?? null,
    withdrawnBy: row.revokedBy ?? null,
    withdrawnReason: row.revokedReason ?? null,
    etag: await etagOf(row),
  }
}

/** A strong entity tag (RFC 9110 section 8.8.3). */
export const etagOf = async (row: ApprovalRow): Promise<string> => `"${await tagOf(row)}"`

/** One change in the history of an approval. */
export const describeChange = (row: AuditRow) => ({
  id: row.tokenId,
  at: row.createdAt,
  action: row.action,
  by: row.by,
  reason: row.reason ?? null,
  before: row.before ?? null,
  after: row.after ?? null,
})
