import type { Config } from '../base/config.ts'
import { mailboxOf } from '../base/email-address.ts'
import { addSeconds, type UnixSeconds } from '../base/time.ts'
import { isCompany, type ApprovalRow } from './approval.ts'
import { endAfter, stateOf, type ApprovalChange } from './approval-change.ts'

/** What the rules need to know about the person or machine that changes an approval. */
export type Editor = {
  /** The name for `approvedBy` and `revokedBy`. */
  name: string
  /** How long this editor may approve for. Null for administrators and machines, who have no limit. */
  maxSeconds: number | null
  /** Whether the sign-in is recent enough to end other people's access. */
  recent: boolean
}

export type ChangeRefusal =
  | 'absent'
  | 'already_approved'
  | 'withdrawn'
  | 'not_withdrawn'
  | 'own_address'
  | 'not_yours'
  | 'company_address'
  | 'too_long'
  | 'past_end'
  | 'not_recent'
  | 'phone_number'

/** The console's configuration, which also says who its approvers are. */
export type StaffedConfig = Config & { APPROVER_EMAILS: readonly string[] }

/** Why an editor may not make this change to the row; null if they may. */
export function whyNotChange(
  config: StaffedConfig,
  email: string,
  row: ApprovalRow | undefined,
  change: ApprovalChange,
  editor: Editor,
  now: UnixSeconds,
): ChangeRefusal | null {
  // So nobody can extend or restore their own access, and no administrator can lock themselves out. An address with
  // another +tag reaches the same mailbox.
  if (mailboxOf(email) === mailboxOf(editor.name)) return 'own_address'
  return (
    whyReserved(config, email, row, change, editor) ??
    whyNotYours(config, email, row, change, editor, now) ??
    whyNotNow(row, change, editor, now)
  )
}

/**
 * A row shuts an address out when it is withdrawn, and its phone number receives the address's sign-in codes. So an
 * approver must not write the row of a colleague, a machine must not choose the number of a person with a role, and an
 * approver must not choose the number of an account that may already exist: each could take that account over. A
 * +tag reaches the same mailbox, and an app may trust it as an address of the company.
 */
function whyReserved(
  config: StaffedConfig,
  email: string,
  row: ApprovalRow | undefined,
  change: ApprovalChange,
  { name, maxSeconds }: Editor,
): 'not_yours' | 'company_address' | 'phone_number' | null {
  const number = 'content' in change ? change.content.phoneNumber : undefined
  const setsNumber = number != null && number !== row?.phoneNumber
  if (maxSeconds !== null) {
    // They all sign in already. Only an administrator has a reason to write a row for one of them.
    if (isCompany(config, email) && row === undefined) return 'company_address'
    if (isColleague(config, email)) return 'not_yours'
    return setsNumber && row !== undefined ? 'phone_number' : null
  }
  return hasRole(config, email) && setsNumber && name.startsWith('client:') ? 'not_yours' : null
}

/**
 * Whether an address belongs to the company or to a person with a role, also under another `+tag`. Approvers only deal
 * with guests.
 */
export const isColleague = (config: StaffedConfig, email: string): boolean =>
  hasRole(config, email) || isCompany(config, mailboxOf(email))

const hasRole = (config: StaffedConfig, email: string): boolean =>
  [...config.ADMIN_EMAILS, ...config.APPROVER_EMAILS].some(
    (one) => mailboxOf(one) === mailboxOf(email),
  )

/** The rules about the approval's owner and state. */
function whyNotYours(
  config: Config,
  email: string,
  row: ApprovalRow | undefined,
  { action }: ApprovalChange,
  { name, maxSeconds }: Editor,
  now: UnixSeconds,
): ChangeRefusal | null {
  const everything = maxSeconds === null
  if (row === undefined) {
    if (action === 'approve') return null
    // A company address needs no approval. Withdrawing writes a row that shuts it out. whyReserved keeps approvers from it.
    return action === 'withdraw' && isCompany(config, email) ? null : 'absent'
  }
  const state = stateOf(row, now)
  const own = everything || row.approvedBy === name
  // An approver must not undo another person's withdrawal, because that person had a reason for it.
  const ownWithdrawal = own && (everything || row.revokedBy === name)
  switch (action) {
    case 'approve':
      if (state === 'withdrawn') return ownWithdrawal ? null : 'not_yours'
      return state === 'ended' ? null : 'already_approved'
    case 'change':
    case 'withdraw':
      if (!own) return 'not_yours'
      return state === 'withdrawn' ? 'withdrawn' : null
  }
  action satisfies 'restore'
  if (state !== 'withdrawn') return 'not_withdrawn'
  return ownWithdrawal ? null : 'not_yours'
}

/**
 * The rules about the end, which must be in the future and within an approver's limit, and about what requires a recent
 * sign-in: an earlier end, and another phone number, because it receives the address's sign-in codes.
 */
function whyNotNow(
  row: ApprovalRow | undefined,
  change: ApprovalChange,
  { maxSeconds, recent }: Editor,
  now: UnixSeconds,
): ChangeRefusal | null {
  if (change.action === 'withdraw') return recent ? null : 'not_recent'
  if (!recent && row !== undefined && changesNumber(row, change)) return 'not_recent'
  const before = row?.expiresAt ?? null
  const after = endAfter(row, change)
  if (change.action === 'change' && after === before) return null
  if (after !== null && after <= now) return 'past_end'
  const tooLong = maxSeconds !== null && (after === null || after > addSeconds(now, maxSeconds))
  if (tooLong) return 'too_long'
  const sooner = after !== null && (before === null || after < before)
  return change.action === 'change' && sooner && !recent ? 'not_recent' : null
}

function changesNumber(row: ApprovalRow, change: ApprovalChange): boolean {
  const number = 'content' in change ? change.content.phoneNumber : undefined
  // An approval without a number, after the last one has ended, only takes away a way to sign in.
  if (number === undefined || (number === null && change.action === 'approve')) return false
  return number !== (row.phoneNumber ?? null)
}
