import type { Caller } from '../base/caller.ts'
import type { Config } from '../base/config.ts'
import { USER_INDEX } from '../base/tables.ts'
import { addSeconds, type UnixMs, type UnixSeconds } from '../base/time.ts'
import type { SessionClaims } from '../crypto/session-claims.ts'
import type { ConditionCheck, Key, Put, Query, Update } from '../dynamo/db.ts'

/** A session's row. */
export type SessionRow = {
  tokenId: string
  tokenType: 'session'
  email: string
  userId: string
  deviceId: string
  /** See deviceKeyOf. */
  deviceKey: string
  deviceName?: string | undefined
  createdAt: UnixSeconds
  /** The same time in milliseconds, because the address row ends sessions by the millisecond. */
  openedAtMs: UnixMs
  /** The absolute end. */
  expiresAt: UnixSeconds
  used: true
  usedAt: UnixSeconds
  /** The number of refreshes. Each session JWT contains its generation. */
  generation: number
  /** The current session JWT, sealed, so that a person who reads the table cannot sign in with it. */
  sessionJWT: string
  dpopJkt?: string | undefined
  /** When, by whom and why the session was ended. */
  revokedAt?: UnixSeconds
  revokedBy?: string
  revokedReason?: EndReason
  metadata: {
    sourceFlow: string
    dashboardId?: string | undefined
    /** The idle timeout counts from this time. */
    lastUsedAt: UnixSeconds
  } & Caller
}

/**
 * Why a session was ended. If a newer sign-in on the device replaced it, only the address row shows that.
 * `ended_by_company`: by an administrator or by a machine of the company.
 */
export type EndReason = 'signed_out' | 'signed_out_everywhere' | 'reuse' | 'ended_by_company'

export const sessionKey = (config: Config, sessionId: string): Key<SessionRow> => ({
  TableName: config.TOKENS_TABLE,
  Key: { tokenId: sessionId },
})

/** A person's session rows (access pattern 3), also of sessions that ended. The index is eventually consistent. */
export const sessionsOfPerson = (config: Config, userId: string): Query<SessionRow> => ({
  TableName: config.TOKENS_TABLE,
  IndexName: USER_INDEX,
  KeyConditionExpression: 'userId = :userId AND tokenType = :type',
  ExpressionAttributeValues: { ':userId': userId, ':type': 'session' },
})

export const openSession = (
  config: Config,
  session: SessionClaims,
  how: {
    sealedJwt: string
    deviceName?: string | undefined
    sourceFlow: string
    dashboardId?: string | undefined
    caller: Caller
  },
  now: UnixSeconds,
): Put<SessionRow> => ({
  Put: {
    TableName: config.TOKENS_TABLE,
    Item: {
      tokenId: session.sessionId,
      tokenType: 'session',
      email: session.email,
      userId: session.userId,
      deviceId: session.deviceId,
      deviceKey: session.deviceKey,
      deviceName: how.deviceName,
      createdAt: now,
      openedAtMs: session.openedAtMs,
      expiresAt: addSeconds(now, config.SESSION_TTL_SECONDS),
      used: true,
      usedAt: now,
      generation: session.generation,
      sessionJWT: how.sealedJwt,
      dpopJkt: session.jkt,
      metadata: {
        sourceFlow: how.sourceFlow,
        dashboardId: how.dashboardId,
        lastUsedAt: now,
        ...how.caller,
      },
    },
    ConditionExpression: 'attribute_not_exists(tokenId)',
  },
})

/** The owner of a session: every condition contains the owner. */
export type OwnedSession = { sessionId: string; userId: string }

/**
 * Why a session has ended, according to its own row; null if it has not. It checks the row's times, because TTL may
 * delete rows days late. The predicate of LIVE.
 */
export function whyEndedOnItsRow(
  config: Config,
  row: SessionRow | undefined,
  userId: string,
  now: UnixSeconds,
): 'unknown' | 'revoked' | 'expired' | 'idle' | null {
  if (row?.tokenType !== 'session' || row.userId !== userId) return 'unknown'
  if (row.revokedAt !== undefined) return 'revoked'
  if (row.expiresAt <= now) return 'expired'
  return row.metadata.lastUsedAt + config.SESSION_IDLE_SECONDS <= now ? 'idle' : null
}

/** The condition that whyEndedOnItsRow returns null. */
const LIVE =
  'tokenType = :type AND userId = :userId AND attribute_not_exists(revokedAt) AND ' +
  'expiresAt > :now AND #metadata.lastUsedAt > :idleSince'

const LIVE_NAMES = { '#metadata': 'metadata' }

const liveValues = (config: Config, userId: string, now: UnixSeconds) => ({
  ':type': 'session',
  ':userId': userId,
  ':now': now,
  ':idleSince': addSeconds(now, -config.SESSION_IDLE_SECONDS),
})

/** LIVE as a part of a transaction that writes other rows. */
export const requireLive = (
  config: Config,
  session: OwnedSession,
  now: UnixSeconds,
): ConditionCheck<SessionRow> => ({
  ConditionCheck: {
    ...sessionKey(config, session.sessionId),
    ConditionExpression: LIVE,
    ExpressionAttributeNames: LIVE_NAMES,
    ExpressionAttributeValues: liveValues(config, session.userId, now),
  },
})

/** The part of a presented session JWT that the rules about generations need. */
export type Held = { generation: number; jkt?: string | undefined }

/**
 * What a session JWT may still do, depending on its generation and the row's:
 * - `current`: it may move the session to the next generation. The same rule as rotateSession's condition.
 * - `answer_lost`: the row is one generation ahead, so a response was lost, and the current pair is returned again.
 *   For a session that is bound to a key, this applies however far ahead the row is: nobody can use a copy without
 *   the key.
 * - `reused`: the row is two or more generations ahead, and the session is not bound. The JWT was copied, so the
 *   session ends.
 * - `not_of_this_session`: bound to another key, or newer than the row.
 */
export function standingOf(
  held: Held,
  row: SessionRow,
): 'current' | 'answer_lost' | 'reused' | 'not_of_this_session' {
  const behind = row.generation - held.generation
  if (row.dpopJkt !== held.jkt || behind < 0) return 'not_of_this_session'
  if (behind === 0) return 'current'
  return behind === 1 || held.jkt !== undefined ? 'answer_lost' : 'reused'
}

/** Moves the session from generation g to g + 1, if it is live according to its own row. */
export function rotateSession(
  config: Config,
  held: OwnedSession & Held,
  sealedJwt: string,
  now: UnixSeconds,
): Update<SessionRow> {
  const sameKey = held.jkt === undefined ? 'attribute_not_exists(dpopJkt)' : 'dpopJkt = :jkt'
  return {
    Update: {
      ...sessionKey(config, held.sessionId),
      UpdateExpression: 'SET generation = :next, sessionJWT = :jwt, #metadata.lastUsedAt = :now',
      ConditionExpression: `${LIVE} AND generation = :generation AND ${sameKey}`,
      ExpressionAttributeNames: LIVE_NAMES,
      ExpressionAttributeValues: {
        ...liveValues(config, held.userId, now),
        ':generation': held.generation,
        ':next': held.generation + 1,
        ':jwt': sealedJwt,
        ...(held.jkt === undefined ? {} : { ':jkt': held.jkt }),
      },
    },
  }
}

/**
 * Ends a session once: a second call changes nothing.
 * @param why.by a userId, `client:` and a machine's name, or `system`.
 */
export const endSession = (
  config: Config,
  session: OwnedSession,
  why: { by: string; reason: EndReason },
  now: UnixSeconds,
): Update<SessionRow> => ({
  Update: {
    ...sessionKey(config, session.sessionId),
    UpdateExpression: 'SET revokedAt = :now, revokedBy = :by, revokedReason = :reason',
    ConditionExpression:
      'tokenType = :type AND userId = :userId AND attribute_not_exists(revokedAt)',
    ExpressionAttributeValues: {
      ':type': 'session',
      ':userId': session.userId,
      ':now': now,
      ':by': why.by,
      ':reason': why.reason,
    },
  },
})
