import { Hono } from 'hono'
import { toSeconds } from '../world.ts'
import { requireSession, type CheckedEnv } from './check.ts'
import type { SessionRow } from './store.ts'

export const sessionRoutes = new Hono<CheckedEnv>()

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

/** The current session and its user, after the rows were looked at. `now`: a phone need not trust its clock. */
sessionRoutes.get('/v1/session', requireSession, (c) => {
  const { session } = c.var.checked
  c.var.deps.log.event('request', {
    outcome: 'ok',
    userId: session.userId,
    sessionId: session.tokenId,
  })
  return c.json({
    session: describeSession(session),
    user: { id: session.userId, email: session.email },
    now: toSeconds(c.var.deps.world.now()),
  })
})
