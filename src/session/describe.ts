import type { SessionRow } from '../model/session.ts'

/** What a person may see of a session: never its JWT. Times in Unix seconds. */
export function describeSession(session: SessionRow) {
  return {
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
  }
}
