import { toSeconds } from '../base/time.ts'
import { whyEndedHere, type AddressRow } from '../model/address.ts'
import type { LinkRow } from '../model/link.ts'
import type { SessionRow } from '../model/session.ts'

/** What a person may see of a session: never its JWT. Times in Unix seconds. */
export const describeSession = (session: SessionRow) => ({
  id: session.tokenId,
  deviceId: session.deviceId,
  deviceName: session.deviceName,
  createdAt: session.createdAt,
  lastUsedAt: session.metadata.lastUsedAt,
  expiresAt: session.expiresAt,
  sourceFlow: session.metadata.sourceFlow,
  dashboardId: session.metadata.dashboardId,
  ipAddress: session.metadata.ipAddress,
  userAgent: session.metadata.userAgent,
  dpopBound: session.dpopJkt !== undefined,
})

/** One link or session of a person's past: never a credential. Times in Unix seconds. */
export function describeActivity(row: LinkRow | SessionRow, address: AddressRow | undefined) {
  const common = {
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    usedAt: row.usedAt ?? undefined,
    sourceFlow: row.metadata?.sourceFlow,
    ipAddress: row.metadata?.ipAddress,
    userAgent: row.metadata?.userAgent,
  }
  if (row.tokenType === 'magic_link') return { kind: 'link', ...common }
  return { kind: 'session', ...common, deviceName: row.deviceName, ...endOf(row, address) }
}

/** A session that was replaced on its device says so on the address row, not on its own. */
function endOf(row: SessionRow, address: AddressRow | undefined) {
  if (row.revokedAt !== undefined) {
    return { revokedAt: row.revokedAt, revokedReason: row.revokedReason }
  }
  const replacedAtMs = address?.devices?.[row.deviceKey]
  if (replacedAtMs === undefined) return {}
  const ended = whyEndedHere({ ...row, sessionId: row.tokenId }, address)
  return ended === 'replaced'
    ? { revokedAt: toSeconds(replacedAtMs), revokedReason: 'replaced' as const }
    : {}
}
