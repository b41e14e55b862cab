import type { Config } from '../base/config.ts'
import { toSeconds, type UnixMs } from '../base/time.ts'
import type { Db } from '../dynamo/db.ts'
import {
  addressIdOf,
  addressKey,
  whyEndedHere,
  type AddressRow,
  type GuardedSession,
} from './address.ts'
import { approvalKey, isApproved, type ApprovalRow } from './approval.ts'
import { sessionKey, whyEndedOnItsRow, type SessionRow } from './session.ts'

/** Why a session does not count. Only the log is told. */
export type SessionRefusal = 'unknown' | 'revoked' | 'expired' | 'idle' | 'not_approved'

/** The three rows that decide about a session. */
export type SessionRows = {
  session: SessionRow | undefined
  address: AddressRow | undefined
  approval: ApprovalRow | undefined
}

/** Which session, as a token names it. */
export type SessionName = { sessionId: string; userId: string; email: string }

/** The session that a request asks with, as its access token names it. */
export type AskingSession = SessionName & GuardedSession

/** Reads the three rows in one strongly consistent request. */
export async function readSessionRows(
  db: Db,
  config: Config,
  { sessionId, email }: SessionName,
): Promise<SessionRows> {
  return db.batchGet({
    session: sessionKey(config, sessionId),
    address: addressKey(config, await addressIdOf(email)),
    approval: approvalKey(config, email),
  })
}

/** Whether a session counts now. A row answers only for the person and the address that the token names. */
export function judgeSession(
  config: Config,
  rows: SessionRows,
  named: { userId: string; email: string },
  nowMs: UnixMs,
): { ok: true; session: SessionRow } | { ok: false; reason: SessionRefusal } {
  const { session, address, approval } = rows
  const now = toSeconds(nowMs)
  const reason = whyEndedOnItsRow(config, session, named.userId, now)
  if (reason !== null) return { ok: false, reason }
  if (session?.email !== named.email) return { ok: false, reason: 'unknown' }
  const ended = whyEndedHere({ ...session, sessionId: session.tokenId }, address)
  if (ended !== null)
    return { ok: false, reason: ended === 'identity_gone' ? 'unknown' : 'revoked' }
  if (!isApproved(config, session.email, approval, now))
    return { ok: false, reason: 'not_approved' }
  return { ok: true, session }
}
