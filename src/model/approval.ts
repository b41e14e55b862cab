import type { Config } from '../base/config.ts'
import { domainOf, mailboxOf } from '../base/email-address.ts'
import { normalisePhone } from '../base/phone-number.ts'
import type { UnixSeconds } from '../base/time.ts'
import type { ConditionCheck, Key } from '../dynamo/db.ts'
import type { Item } from '../dynamo/items.ts'

/** A row of `mobile-approved-emails`. */
export type ApprovalRow = {
  email: string
  approvedBy?: string
  approvedAt?: UnixSeconds
  expiresAt?: UnixSeconds | null
  /** The only number that SMS for this address may go to (E.164). */
  phoneNumber?: string | null
  /** When the approval was withdrawn, and by whom. */
  revokedAt?: UnixSeconds | null
  revokedBy?: string | null
  revokedReason?: string | null
  /** Company, reason and notes, and any other member that an operator added. */
  metadata?: Item | null
  /** The number of changes by the console. Absent on a row that only operators wrote. */
  version?: number
}

export const approvalKey = (config: Config, email: string): Key<ApprovalRow> => ({
  TableName: config.APPROVALS_TABLE,
  Key: { email },
})

/**
 * A company address with a `+tag` needs its own approval. It reaches the same mailbox under another name, so a person
 * whose own address was shut out could use it to return.
 */
export const isCompany = (config: Config, email: string) =>
  config.COMPANY_DOMAINS.includes(domainOf(email)) && mailboxOf(email) === email

/** Whether the approval was withdrawn, or a company address was shut out. */
export const isWithdrawn = (row: ApprovalRow | undefined): boolean => row?.revokedAt != null

/**
 * Whether an address may sign in: its approval exists, is not withdrawn and has not expired, or its domain is in
 * COMPANY_DOMAINS. A withdrawn approval also shuts out a company address, for people who left the company. The
 * predicate of requireApproval.
 */
export function isApproved(
  config: Config,
  email: string,
  row: ApprovalRow | undefined,
  now: UnixSeconds,
): boolean {
  if (isWithdrawn(row)) return false
  if (isCompany(config, email)) return true
  if (row === undefined) return false
  // As in DynamoDB's comparison: an end that was typed as text is never in the future.
  return row.expiresAt == null || (typeof row.expiresAt === 'number' && row.expiresAt > now)
}

/** isApproved as the condition of a transaction. */
export function requireApproval(
  config: Config,
  email: string,
  now: UnixSeconds,
): ConditionCheck<ApprovalRow> {
  const notWithdrawn = '(attribute_not_exists(revokedAt) OR attribute_type(revokedAt, :null))'
  const notEnded =
    '(attribute_not_exists(expiresAt) OR attribute_type(expiresAt, :null) OR expiresAt > :now)'
  const company = isCompany(config, email)
  return {
    ConditionCheck: {
      ...approvalKey(config, email),
      ConditionExpression: company
        ? notWithdrawn
        : `attribute_exists(email) AND ${notWithdrawn} AND ${notEnded}`,
      ExpressionAttributeValues: { ':null': 'NULL', ...(company ? {} : { ':now': now }) },
    },
  }
}

/** The only number that SMS for an address may go to. */
export const smsNumber = (approval: ApprovalRow | undefined): string | undefined =>
  normalisePhone(approval?.phoneNumber ?? '') ?? undefined
