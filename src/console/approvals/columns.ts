import { unixSeconds, type UnixSeconds } from '../../base/time.ts'
import type { ApprovalRow } from '../../model/approval.ts'
import { contentOf, stateOf, type ApprovalContent } from '../../model/approval-change.ts'

/** The columns that an import may set. */
export const CONTENT_COLUMNS = [
  'company',
  'reason',
  'notes',
  'expiresAt',
  'phoneNumber',
] as const satisfies (keyof ApprovalContent)[]
export type ContentColumn = (typeof CONTENT_COLUMNS)[number]

/** Only an export fills these columns. An import accepts and ignores them. */
const TOLD_COLUMNS = ['state', 'approvedBy', 'approvedAt', 'withdrawnAt', 'withdrawnBy'] as const

export const COLUMNS = ['email', ...CONTENT_COLUMNS, ...TOLD_COLUMNS] as const
export type Column = (typeof COLUMNS)[number]

/** A row as the cells of an export, before they are made safe for spreadsheets. Times are ISO 8601, in UTC. */
export function cellsOf(row: ApprovalRow, now: UnixSeconds): Record<Column, string> {
  const { company, reason, notes, expiresAt, phoneNumber } = contentOf(row)
  return {
    email: row.email,
    company: company ?? '',
    reason: reason ?? '',
    notes: notes ?? '',
    expiresAt: isoOf(expiresAt),
    phoneNumber: phoneNumber ?? '',
    state: stateOf(row, now),
    approvedBy: row.approvedBy ?? '',
    approvedAt: isoOf(row.approvedAt),
    withdrawnAt: isoOf(row.revokedAt),
    withdrawnBy: row.revokedBy ?? '',
  }
}

function isoOf(seconds: UnixSeconds | null | undefined): string {
  if (seconds == null) return ''
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime())
    ? String(seconds)
    : date.toISOString().replace(/\.\d{3}Z$/, 'Z')
}

/**
 * Reads a time that a person typed: `2027-03-31` (the end of that day in UTC) or `2027-03-31T12:00:00Z`. A time of
 * day must include its time zone, because a file has none. @returns null for anything else.
 */
export function secondsOf(cell: string): UnixSeconds | null {
  const day = /^\d{4}-\d\d-\d\d$/.test(cell)
  const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/.test(cell)
  if (!day && !moment) return null
  const ms = Date.parse(day ? `${cell}T23:59:59Z` : cell)
  if (Number.isNaN(ms)) return null
  // Date.parse reads 31 February as a day in March.
  if (day && !new Date(ms).toISOString().startsWith(cell)) return null
  return unixSeconds(Math.floor(ms / 1000))
}
