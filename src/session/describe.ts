import { toSeconds } from '../base/time.ts'
import type { AddressRow } from '../model/address.ts'
import { whyEndedHere } from '../model/address-ends.ts'
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

/** One link or session in a person's history: never a credential. Times in Unix seconds. */
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

/** How a session ended: by its own row, or by the address row, which ends many sessions at once. */
function endOf(row: SessionRow, address: AddressRow | undefined) {
  if (row.revokedAt !== undefined) {
    return { revokedAt: row.revokedAt, revokedReason: row.revokedReason }
  }
  const reason = whyEndedHere({ ...row, sessionId: row.tokenId }, address)
  const endedAtMs = {
    replaced: address?.devices?.[row.deviceKey],
    signed_out_everywhere: address?.sessionsNotBefore,
    identity_gone: undefined,
  }
  const atMs = reason === null ? undefined : endedAtMs[reason]
  return atMs === undefined ? {} : { revokedAt: toSeconds(atMs), revokedReason: reason }
}
