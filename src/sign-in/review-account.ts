import type { Config } from '../base/config.ts'
import type { UnixMs } from '../base/time.ts'

/**
 * Whether this is the fixed code of an app reviewer's account (REVIEW_ACCOUNTS): app reviewers cannot read its
 * mailbox. It is valid until the end of its last day (UTC), only for redeeming a code, and never for an
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
