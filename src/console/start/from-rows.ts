import type { UnixMs, UnixSeconds } from '../../base/time.ts'
import type { AccessRequestRow } from '../../model/access-request.ts'
import type { ApprovalRow } from '../../model/approval.ts'
import { DAY_SECONDS, daysUntil, type Series } from './days.ts'

/**
 * The numbers that the other reads of the start page contain. Sign-ins and messages are not among them: no index lists
 * their rows for all people by time, so counting them would mean reading the whole table.
 */
export function seriesFromRows(
  nowMs: UnixMs,
  approvals: readonly ApprovalRow[],
  requests: readonly AccessRequestRow[],
): Series[] {
  const days = daysUntil(nowMs)
  const count = (moments: readonly (UnixSeconds | null | undefined)[]) =>
    days.map(
      (start) =>
        moments.filter((at) => at != null && at >= start && at < start + DAY_SECONDS).length,
    )
  return [
    { name: 'approved', counts: count(approvals.map(({ approvedAt }) => approvedAt)) },
    { name: 'withdrawn', counts: count(approvals.map(({ revokedAt }) => revokedAt)) },
    { name: 'asked', counts: count(requests.map(({ createdAt }) => createdAt)) },
  ]
}
