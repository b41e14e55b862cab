import type { Config } from '../config.ts'
import type { Client } from '../deps.ts'
import type { Get, Put } from '../dynamo/db.ts'
import { toSeconds } from '../world.ts'

/** A session's row. Times in Unix seconds, but for `openedAtMs`. */
export type SessionRow = {
  tokenId: string
  tokenType: 'session'
  email: string
  userId: string
  deviceId: string
  deviceName?: string
  createdAt: number
  /** The same moment in milliseconds: what `sessionsNotBefore` is held against. */
  openedAtMs: number
  /** The absolute end. */
  expiresAt: number
  /** How often it was refreshed; the session JWT names the generation that it is. */
  generation: number
  /** The current session JWT, sealed: the table alone must not act as the person. */
  sessionJWT: string
  dpopJkt?: string
  revokedAt?: number
  revokedBy?: string
  revokedReason?: string
  metadata: {
    sourceFlow: string
    dashboardId?: string
    /** The idle limit counts from here. */
    lastUsedAt: number
    ipAddress: string
    userAgent: string
  }
}

export const sessionKey = (config: Config, sessionId: string): Get => ({
  TableName: config.TOKENS_TABLE,
  Key: { tokenId: sessionId },
})

export type NewSession = {
  sessionId: string
  userId: string
  email: string
  deviceId: string
  deviceName?: string | undefined
  dpopJkt?: string | undefined
  sealedJwt: string
  sourceFlow: string
  dashboardId?: string | undefined
  client: Client
}

export function openSession(config: Config, session: NewSession, nowMs: number): Put {
  const now = toSeconds(nowMs)
  return {
    TableName: config.TOKENS_TABLE,
    Item: {
      tokenId: session.sessionId,
      tokenType: 'session',
      email: session.email,
      userId: session.userId,
      deviceId: session.deviceId,
      deviceName: session.deviceName,
      createdAt: now,
      openedAtMs: nowMs,
      expiresAt: now + config.SESSION_TTL_SECONDS,
      used: true,
      usedAt: now,
      generation: 0,
      sessionJWT: session.sealedJwt,
      dpopJkt: session.dpopJkt,
      metadata: {
        sourceFlow: session.sourceFlow,
        dashboardId: session.dashboardId,
        lastUsedAt: now,
        ...session.client,
      },
    },
    ConditionExpression: 'attribute_not_exists(tokenId)',
  }
}
