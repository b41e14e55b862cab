import type { Config } from '../base/config.ts'
import type { Client } from '../http/deps.ts'
import type { ConditionCheck, Get, Put, Update } from '../dynamo/db.ts'

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
  openedAtMs: number
  dpopJkt?: string | undefined
  sealedJwt: string
  sourceFlow: string
  dashboardId?: string | undefined
  client: Client
}

export function openSession(config: Config, session: NewSession, now: number): Put {
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
      openedAtMs: session.openedAtMs,
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

/** Whose session: the owner is in every condition. */
export type Owned = { sessionId: string; userId: string }

/** A live session, as far as its own row tells: the condition of every use. */
const LIVE =
  'userId = :userId AND tokenType = :type AND attribute_not_exists(revokedAt) AND ' +
  'expiresAt > :now AND #metadata.lastUsedAt > :idleSince'

const liveValues = (config: Config, userId: string, nowSeconds: number) => ({
  ':userId': userId,
  ':type': 'session',
  ':now': nowSeconds,
  ':idleSince': nowSeconds - config.SESSION_IDLE_SECONDS,
})

const LIVE_NAMES = { '#metadata': 'metadata' }

/** judgeSession's part about the session's own row, as the condition of another write. */
export const requireLive = (
  config: Config,
  session: Owned,
  nowSeconds: number,
): ConditionCheck => ({
  ...sessionKey(config, session.sessionId),
  ConditionExpression: LIVE,
  ExpressionAttributeNames: LIVE_NAMES,
  ExpressionAttributeValues: liveValues(config, session.userId, nowSeconds),
})

/** Generation g becomes g + 1, when the session is live as far as its own row tells. */
export function rotateSession(
  config: Config,
  held: Owned & { generation: number; jkt?: string | undefined },
  sealedJwt: string,
  nowSeconds: number,
): Update {
  const bound = held.jkt === undefined ? 'attribute_not_exists(dpopJkt)' : 'dpopJkt = :jkt'
  return {
    ...sessionKey(config, held.sessionId),
    UpdateExpression: 'SET generation = :next, sessionJWT = :jwt, #metadata.lastUsedAt = :now',
    ConditionExpression: `${LIVE} AND generation = :generation AND ${bound}`,
    ExpressionAttributeNames: LIVE_NAMES,
    ExpressionAttributeValues: {
      ...liveValues(config, held.userId, nowSeconds),
      ':generation': held.generation,
      ':next': held.generation + 1,
      ':jwt': sealedJwt,
      ...(held.jkt === undefined ? {} : { ':jkt': held.jkt }),
    },
  }
}

export type RevokedReason = 'signed_out' | 'signed_out_everywhere' | 'replaced' | 'reuse'

/** Marks a session ended, once: a second end changes nothing of the first. @param why.by a userId, or `system`. */
export function revokeSession(
  config: Config,
  session: Owned,
  why: { by: string; reason: RevokedReason },
  nowSeconds: number,
): Update {
  return {
    ...sessionKey(config, session.sessionId),
    UpdateExpression: 'SET revokedAt = :now, revokedBy = :by, revokedReason = :reason',
    ConditionExpression:
      'userId = :userId AND tokenType = :type AND attribute_not_exists(revokedAt)',
    ExpressionAttributeValues: {
      ':userId': session.userId,
      ':type': 'session',
      ':now': nowSeconds,
      ':by': why.by,
      ':reason': why.reason,
    },
  }
}
