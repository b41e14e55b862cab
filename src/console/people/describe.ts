import { mailboxOf } from '../../base/email-address.ts'
import { toSeconds, type UnixMs } from '../../base/time.ts'
import { isWaiting } from '../../model/access-request.ts'
import { isCompany } from '../../model/approval.ts'
import { standingOfAddress } from '../../model/approval-standing.ts'
import { budgetLeft, CODE_TRIES, SENDS } from '../../model/budget.ts'
import { refusalOf } from '../../model/mail-refusal.ts'
import { endOfSession, endsAt } from '../../model/session-end.ts'
import { describeSession } from '../../session/describe.ts'
import { describeApproval } from '../approvals/describe.ts'
import type { ConsoleConfig } from '../config.ts'
import type { PersonRows } from '../person.ts'
import { describeRequest } from '../requests/describe.ts'

/** A person as the API returns them. A member without a value is null. Times in Unix seconds. */
export async function describePerson(config: ConsoleConfig, rows: PersonRows, nowMs: UnixMs) {
  const { email, address, mailbox, approval, request } = rows
  const now = toSeconds(nowMs)
  const standing = standingOfAddress(config, email, approval, now)
  const waits = request !== undefined && isWaiting(request, now)
  const sessions = describeSessions(config, rows, nowMs)
  return {
    email,
    userId: address?.userId ?? null,
    /** Whether the domain may sign in without an approval. */
    company: isCompany(config, email),
    /** The address whose message budget this one shares. */
    mailbox: mailboxOf(email),
    standing,
    firstAskedAt: address?.createdAt ?? null,
    /** Whether the person has ever signed in. From then on, the user id does not expire. */
    hasSignedIn: address?.lastingExpiresAt === null,
    linksNotBefore: secondsOf(address?.linksNotBefore),
    sessionsNotBefore: secondsOf(address?.sessionsNotBefore),
    budgets: {
      messages: budgetLeft(mailbox, SENDS, nowMs),
      codes: budgetLeft(address, CODE_TRIES, nowMs),
    },
    approval: approval === undefined ? null : await describeApproval(approval, now),
    /** Why no email is sent to the address; null if emails are sent. */
    mailRefused: address === undefined ? null : refusalOf(address),
    request: waits ? describeRequest(request, standing.approved) : null,
    sessions,
  }
}

/** Live sessions first, then the newest first. */
function describeSessions(
  config: ConsoleConfig,
  { sessions, address, approval }: PersonRows,
  nowMs: UnixMs,
) {
  return sessions
    .map((row) => {
      const end = endOfSession(config, row, address, approval, nowMs)
      return {
        ...describeSession(row),
        userId: row.userId,
        refreshes: row.generation,
        alive: end === null,
        end,
        /** When it expires, if nobody uses it. */
        endsAt: end === null ? endsAt(config, row) : null,
      }
    })
    .toSorted((a, b) => Number(b.alive) - Number(a.alive) || b.createdAt - a.createdAt)
}

const secondsOf = (moment: UnixMs | undefined) => (moment === undefined ? null : toSeconds(moment))

/** Whether the tables contain anything about an address. */
export const isKnown = ({ address, approval, request, links, sessions, audit }: PersonRows) =>
  [address, approval, request, ...links, ...sessions, ...audit].some((row) => row !== undefined)
