import type { Fields } from '../base/log.ts'
import { toSeconds, type UnixMs } from '../base/time.ts'
import { addressIdOf } from '../model/address.ts'
import { requireNotEnded } from '../model/address-ends.ts'
import { requireApproval } from '../model/approval.ts'
import { judgeSession, readSessionRows, type AskingSession } from '../model/live-session.ts'
import { requireLive } from '../model/session.ts'
import { isSignedInWithin, staleSession, unauthorized } from '../http/session-guard.ts'
import type { ConsoleConfig, Scope } from './config.ts'
import { consoleDepsOf, type ConsoleContext } from './deps.ts'

/**
 * An administrator may do everything. An approver may approve for a limited time, and change approvals that they
 * gave.
 */
export type Role = 'admin' | 'approver'

/** A person with a role, from the token or cookie of their session. The session's rows are not read yet. */
export type Person = {
  kind: 'person'
  role: Role
  /** The name that is written to rows: the person's address. */
  name: string
  asking: AskingSession
}

/** A program with a key in CONSOLE_CLIENTS. It has no session, so it has no rows to read. */
export type Machine = {
  kind: 'machine'
  /** The name that is written to rows: `client:` and the name of its key. No address contains a colon. */
  name: string
  scopes: readonly Scope[]
}

/** The caller of a guarded route. */
export type Actor = Person | Machine

/** The console accepts a sign-in for a working day. Then the person must sign in again. */
export const SESSION_SECONDS = 12 * 3600
/** To end other people's access, a person needs a sign-in that is at most this old. */
export const RECENT_SECONDS = 15 * 60

/** @param email normalised. @returns null for a person without a role. */
export function roleOf(config: ConsoleConfig, email: string): Role | null {
  if (config.ADMIN_EMAILS.includes(email)) return 'admin'
  return config.APPROVER_EMAILS.includes(email) ? 'approver' : null
}

/** How an actor is named in other people's rows: by an id, never by an address. */
export const actorId = (actor: Actor): string =>
  actor.kind === 'person' ? actor.asking.userId : actor.name

/** Names the actor in the log: by an id, never by an address. */
export const actorFields = (actor: Actor): Fields =>
  actor.kind === 'person' ? { userId: actor.asking.userId } : { client: actor.name }

/** Whether the actor may end other people's access: after a recent sign-in, or with a machine's key. */
export const isRecent = (actor: Actor, nowMs: UnixMs): boolean =>
  actor.kind === 'machine' || isSignedInWithin(actor.asking.openedAtMs, RECENT_SECONDS, nowMs)

/** @throws Problem 401 `stale_session`, with the maximum age that is accepted (RFC 9470 section 3). */
export function requireRecent(c: ConsoleContext): void {
  if (!isRecent(c.get('actor'), consoleDepsOf(c).world.now())) throw staleSession(RECENT_SECONDS)
}

/**
 * Reads the rows of the actor's session, in one consistent read. A handler that only reads runs this in parallel with
 * its own query, and waits for both before it responds.
 * @throws Problem 401 if the session has ended.
 */
export async function requireLiveActor(c: ConsoleContext): Promise<void> {
  const actor = c.get('actor')
  if (actor.kind === 'machine') return
  const { config, db, world } = consoleDepsOf(c)
  const rows = await readSessionRows(db, config, actor.asking)
  const verdict = judgeSession(config, rows, actor.asking, world.now())
  if (!verdict.ok) throw unauthorized(c, 'invalid_token', verdict.reason)
}

/**
 * The conditions that the actor's session has not ended, as parts of a transaction that writes something else.
 * DynamoDB allows each row only once in a transaction, so the transaction must not write these three rows itself. It
 * does not, because nobody may change their own approval.
 */
export async function liveActorParts(config: ConsoleConfig, actor: Actor, nowMs: UnixMs) {
  if (actor.kind === 'machine') return {}
  const { asking } = actor
  const now = toSeconds(nowMs)
  return {
    actorApproval: requireApproval(config, asking.email, now),
    actorAddress: requireNotEnded(config, await addressIdOf(asking.email), asking),
    actorSession: requireLive(config, asking, now),
  }
}

/** Whether a transaction was refused because the actor's session has ended. */
export const actorRefused = (refused: object): boolean =>
  'actorApproval' in refused || 'actorAddress' in refused || 'actorSession' in refused
