import type { ChangeRefusal } from '../../../model/approval-rules.ts'
import type { ApprovalEvent } from '../../approvals/change.ts'
import type { Notice } from '../frame-words.ts'

/** What the pages of approvals say. */
export type ApprovalWords = {
  title: string
  approve: string
  search: string
  searchFor: string
  all: string
  filter: string
  columns: { email: string; company: string; state: string; expiresAt: string; approvedAt: string }
  states: Record<'active' | 'ending' | 'ended' | 'withdrawn' | 'company', string>
  noEnd: string
  by: (name: string) => string
  /** `total` of them match. */
  found: (total: number) => string
  next: string
  first: string
  none: Notice
  nothingFound: Notice
  nothingInState: Notice
  showAll: string
  newLead: string
  fields: Record<'email' | 'company' | 'reason' | 'notes' | 'phoneNumber' | 'end', string>
  hints: Record<'email' | 'reason' | 'notes' | 'phoneNumber' | 'until', string>
  optional: (label: string) => string
  forDays: (days: number) => string
  until: string
  sooner: string
  endsSooner: (day: string, was: string) => string
  endSooner: string
  keepEnd: string
  atMost: (days: number) => string
  save: string
  cancel: string
  extend: string
  change: string
  withdraw: string
  restore: string
  restoreLead: string
  approved: string
  withdrawn: string
  withdrawnReason: string
  company: Notice
  absent: Notice
  history: string
  noHistory: string
  noHistoryCompany: string
  endOfDay: string
  actions: Record<ApprovalEvent, string>
  done: Record<ApprovalEvent, string>
  errors: Record<
    | 'email'
    | 'company'
    | 'reason'
    | 'notes'
    | 'phoneNumber'
    | 'end'
    | 'two'
    | 'until'
    | 'withdrawReason',
    string
  >
  refusals: Record<Exclude<ChangeRefusal, 'too_long' | 'not_recent'>, string>
  tooLong: (days: number) => string
  openIt: string
  conflict: Notice
  conflictOutside: string
  confirm: {
    title: (email: string) => string
    sessions: (count: number, email: string) => string
    noSessions: (email: string) => string
    after: string
    company: string
    again: string
    reason: string
    reasonHint: string
    lastUsed: string
  }
}
