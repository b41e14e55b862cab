import { domainOf, mailboxOf } from '../base/email-address.ts'
import type { Config } from '../base/config.ts'
import type { ConditionCheck, Get } from '../dynamo/db.ts'

/** A row of `mobile-approved-emails`. Times in Unix seconds. */
export type ApprovalRow = {
  email: string
  approvedBy?: string
  approvedAt?: number
  expiresAt?: number | null
  /** The one number that SMS for this address may go to (E.164). */
  phoneNumber?: string | null
  revokedAt?: number | null
  revokedBy?: string | null
}

export const approvalKey = (config: Config, email: string): Get => ({
  TableName: config.APPROVALS_TABLE,
  Key: { email },
})

/**
 * A `+tag` of a company address needs an approval of its own: it reaches the same mailbox under another name,
 * and whoever was shut out by theirs would come back by it.
 */
const isCompany = (config: Config, email: string) =>
  config.COMPANY_DOMAINS.includes(domainOf(email)) && mailboxOf(email) === email

/**
 * Whether an address may sign in: its approval exists, is not revoked and has not ended, or its domain is
 * the company's. A revoked row shuts out a company address too: that is how someone who left is. The same
 * rule as requireApproval, for a row that was read.
 */
export function isApproved(
  config: Config,
  email: string,
  row: ApprovalRow | undefined,
  nowSeconds: number,
): boolean {
  if (row?.revokedAt != null) return false
  if (isCompany(config, email)) return true
  return row !== undefined && (row.expiresAt == null || row.expiresAt > nowSeconds)
}

/** isApproved, as the condition that a transaction stands or falls with. */
export function requireApproval(config: Config, email: string, nowSeconds: number): ConditionCheck {
  const notRevoked = '(attribute_not_exists(revokedAt) OR attribute_type(revokedAt, :null))'
  const notEnded =
    '(attribute_not_exists(expiresAt) OR attribute_type(expiresAt, :null) OR expiresAt > :now)'
  const company = isCompany(config, email)
  return {
    ...approvalKey(config, email),
    ConditionExpression: company
      ? notRevoked
      : `attribute_exists(email) AND ${notRevoked} AND ${notEnded}`,
    ExpressionAttributeValues: { ':null': 'NULL', ...(company ? {} : { ':now': nowSeconds }) },
  }
}
