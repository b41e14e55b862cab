import type { AccessRequestRow } from '../../model/access-request.ts'

/**
 * A waiting request: who asked, from where and when. It leaves out the device's secrets. Times in Unix seconds.
 * @param approved whether the address may already sign in, because somebody approved it without this request.
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
