import type { Config } from '../base/config.ts'
import { toSeconds, type UnixMs } from '../base/time.ts'
import type { Db } from '../dynamo/db.ts'
import { addressIdOf, addressKey, type AddressRow, type GuardedSession } from './address.ts'
import { whyEndedHere } from './address-ends.ts'
import { approvalKey, isApproved, type ApprovalRow } from './approval.ts'
import { sessionKey, whyEndedOnItsRow, type SessionRow } from './session.ts'

/** Why a session is not live. Only the log contains it. */
export type SessionRefusal = 'unknown' | 'revoked' | 'expired' | 'idle' | 'not_approved'

/** The three rows that decide whether a session is live. */
export type SessionRows = {
  session: SessionRow | undefined
  address: AddressRow | undefined
  approval: ApprovalRow | undefined
}

/** A session as a token names it. */
export type SessionName = { sessionId: string; userId: string; email: string }

/** The session of the request, as its access token names it. */
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

/** Whether a session is live now. A row only counts if it has the user id and the address of the token. */
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
