import type { Config } from '../base/config.ts'
import { addSeconds, toSeconds, type UnixMs, type UnixSeconds } from '../base/time.ts'
import type { AddressRow } from './address.ts'
import { whyEndedHere, type EndedHere } from './address-ends.ts'
import type { ApprovalRow } from './approval.ts'
import { standingOfAddress } from './approval-standing.ts'
import { whyEndedOnItsRow, type EndReason, type SessionRow } from './session.ts'

/**
 * Why a session is no longer live.
 * - `identity_gone`: the person was erased, or the address now has another user id.
 * - `approval_…`: the address may not sign in at the moment. If its approval has only expired, the session becomes live
 *   again together with it.
 */
export type SessionEndReason =
  | EndReason
  | EndedHere
  | 'expired'
  | 'idle'
  | 'approval_none'
  | 'approval_ended'
  | 'approval_withdrawn'

/** @property at null if no row has the time. @property by a userId, `client:` and a name, or `system`. */
export type SessionEnd = { reason: SessionEndReason; at: UnixSeconds | null; by: string | null }

/**
 * What ended a session, for people who want an explanation. If there are several causes, it returns the earliest,
 * because that is the one that the person noticed. It has the same rules as judgeSession.
 * @returns null exactly if judgeSession accepts the session.
 */
export function endOfSession(
  config: Config,
  session: SessionRow,
  address: AddressRow | undefined,
  approval: ApprovalRow | undefined,
  nowMs: UnixMs,
): SessionEnd | null {
  const now = toSeconds(nowMs)
  const causes = [
    // A withdrawal also marks the address row. The approval says more, and comes first at the same second.
    endByApproval(config, session, approval, now),
    endOnItsRow(config, session, now),
    endHere(session, address),
  ].filter((cause) => cause !== null)
  const [first = null] = causes.toSorted((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity))
  return first
}

function endOnItsRow(config: Config, session: SessionRow, now: UnixSeconds): SessionEnd | null {
  const reason = whyEndedOnItsRow(config, session, session.userId, now)
  if (reason === null) return null
  if (reason === 'unknown') return { reason: 'identity_gone', at: null, by: null }
  if (reason === 'revoked') {
    const { revokedReason = 'signed_out', revokedAt = null, revokedBy = null } = session
    return { reason: revokedReason, at: revokedAt, by: revokedBy }
  }
  reason satisfies 'expired' | 'idle'
  // If a session is past both limits, the earlier one counts.
  const idle = idleAt(config, session)
  return idle < session.expiresAt
    ? { reason: 'idle', at: idle, by: null }
    : { reason: 'expired', at: session.expiresAt, by: null }
}

const idleAt = (config: Config, { metadata }: SessionRow): UnixSeconds =>
  addSeconds(metadata.lastUsedAt, config.SESSION_IDLE_SECONDS)

function endHere(session: SessionRow, address: AddressRow | undefined): SessionEnd | null {
  const reason = whyEndedHere({ ...session, sessionId: session.tokenId }, address)
  if (reason === null) return null
  if (reason === 'identity_gone') return { reason, at: null, by: null }
  // Once the session's own row is marked, it says the same, and also by whom.
  if (reason === 'signed_out_everywhere' && session.revokedAt !== undefined) return null
  const atMs =
    reason === 'replaced' ? address?.devices?.[session.deviceKey] : address?.sessionsNotBefore
  return { reason, at: atMs === undefined ? null : toSeconds(atMs), by: null }
}

function endByApproval(
  config: Config,
  { email }: SessionRow,
  approval: ApprovalRow | undefined,
  now: UnixSeconds,
): SessionEnd | null {
  const standing = standingOfAddress(config, email, approval, now)
  if (standing.approved) return null
  if (standing.why === 'none') return { reason: 'approval_none', at: null, by: null }
  const { why, at, by } = standing
  return { reason: `approval_${why}`, at, by: why === 'withdrawn' ? by : null }
}

/** When a live session will end if nobody uses it. */
export const endsAt = (config: Config, session: SessionRow): UnixSeconds => {
  const idle = idleAt(config, session)
  return idle < session.expiresAt ? idle : session.expiresAt
}
