import type { Config } from '../base/config.ts'
import { domainOf } from '../base/email-address.ts'
import type { UnixSeconds } from '../base/time.ts'
import { isCompany, type ApprovalRow } from './approval.ts'

/**
 * Whether an address may sign in, and why: isApproved with its reasons.
 * - `company`: the domain is in COMPANY_DOMAINS.
 * - `approval`: the approval is valid. `until` is null if it never expires.
 * - `none`: there is no row. `ended`: the approval has expired. `withdrawn`: the approval was withdrawn, or a company
 *   address was shut out.
 */
export type Standing =
  | { approved: true; why: 'company'; domain: string }
  | {
      approved: true
      why: 'approval'
      by: string | null
      at: UnixSeconds | null
      until: UnixSeconds | null
    }
  | { approved: false; why: 'none' }
  | { approved: false; why: 'ended'; at: UnixSeconds; by: string | null }
  | {
      approved: false
      why: 'withdrawn'
      at: UnixSeconds
      by: string | null
      reason: string | null
    }

/** @returns `approved` exactly if isApproved returns true. */
export function standingOfAddress(
  config: Config,
  email: string,
  row: ApprovalRow | undefined,
  now: UnixSeconds,
): Standing {
  if (row?.revokedAt != null) {
    const { revokedAt, revokedBy = null, revokedReason = null } = row
    return {
      approved: false,
      why: 'withdrawn',
      at: revokedAt,
      by: revokedBy,
      reason: revokedReason,
    }
  }
  if (isCompany(config, email)) return { approved: true, why: 'company', domain: domainOf(email) }
  if (row === undefined) return { approved: false, why: 'none' }
  const by = row.approvedBy ?? null
  const until = row.expiresAt ?? null
  if (until !== null && until <= now) return { approved: false, why: 'ended', at: until, by }
  return { approved: true, why: 'approval', by, at: row.approvedAt ?? null, until }
}
