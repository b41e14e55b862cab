import type { Config } from '../base/config.ts'
import type { UnixMs } from '../base/time.ts'

/**
 * Whether this is the fixed code of an account for app reviewers (REVIEW_ACCOUNTS), who cannot read its
 * mailbox. It counts until the end of its last day (UTC), only where a code is redeemed, and never for an
 * administrator.
 */
export function isReviewCode(config: Config, email: string, code: string, nowMs: UnixMs): boolean {
  const today = new Date(nowMs).toISOString().slice(0, 10)
  return (config.REVIEW_ACCOUNTS ?? []).some(
    (account) =>
      account.email === email &&
      account.code === code &&
      today <= account.lastDay &&
      !config.ADMIN_EMAILS.includes(email),
  )
}
