import type { AccessRequestRow } from '../../model/access-request.ts'

/**
 * A request that waits: who asked, from where and when. Never what its device holds. Times in Unix seconds.
 * @param approved whether the address may sign in already, by an approval that this request did not lead to.
 */
export const describeRequest = (row: AccessRequestRow, approved: boolean) => ({
  email: row.email,
  approved,
  firstAskedAt: row.createdAt,
  askedAt: row.askedAt,
  expiresAt: row.expiresAt,
  asks: row.asks,
  channel: row.metadata.sourceFlow,
  deviceName: row.deviceName ?? null,
  ipAddress: row.metadata.ipAddress,
  userAgent: row.metadata.userAgent,
})
