import type { UnixSeconds } from '../../../base/time.ts'
import type { AuditAction } from '../../../model/audit.ts'
import type { ApprovalEvent } from '../../approvals/change.ts'
import type { PersonEvent } from '../../people/events.ts'
import type { Question } from '../../why/answers.ts'
import type { Text } from '../../why/text.ts'
import type { Notice } from '../frame-words.ts'

/** What happened just before a person's page is shown. */
export type PersonDone = 'session_ended' | 'sessions_ended' | 'mail_allowed'

/** The rows of the drawing. */
export type Lane = 'asked' | 'sent' | 'opened' | 'refreshed' | 'ended'

/** What an audit row says of a person, besides their approval. */
export type PersonAction = Exclude<AuditAction, ApprovalEvent>

/** What a confirmation page says besides its list of what ends. */
type Confirm = { title: (email: string) => string; after: string; button: string }

/** What the pages of people say, in one language. */
export type PeopleWords = {
  title: string
  lead: string
  find: string
  findHint: string
  open: string
  /** For a part of an address: the approvals can be searched, and people cannot. */
  searchApprovals: (part: string) => string
  badPerson: string
  unknownUser: string
  erased: Notice
  notApproved: string
  approval: string
  /** The link from the pages of an approval. */
  person: string
  /** For approvers: the link to the three answers, and what they do not see. */
  whyLink: string
  whyMore: string
  why: string
  questions: Record<Question, string>
  verdict: Record<'good' | 'bad', string>
  findings: (count: number) => string
  sessions: string
  noSessions: string
  endedSessions: (count: number) => string
  state: Record<'alive' | 'ended', string>
  noName: string
  since: string
  lastRefreshed: string
  neverRefreshed: string
  from: string
  endsAt: (at: UnixSeconds) => Text
  /** When, by whom, and a reason of whyWords. */
  endedBecause: (at: UnixSeconds | null, by: string | null, reason: string) => Text
  end: string
  endAll: string
  own: string
  facts: string
  nobodyYet: string
  firstAsked: string
  never: string
  mailbox: string
  messages: string
  codes: string
  left: (left: number, size: number) => string
  nextAt: (at: UnixSeconds) => Text
  timeline: string
  utc: string
  lately: string
  lanes: Record<Lane, string>
  notSent: string
  noEvents: string
  older: string
  newest: string
  events: Record<Exclude<PersonEvent['kind'], 'changed'>, string>
  times: (count: number) => string
  actions: Record<PersonAction, string>
  /** @param channel `email` or `sms`. */
  sent: (channel: string) => string
  /** @param reason of whyWords. */
  keptBack: (reason: string) => string
  by: (name: string) => string
  eraseTitle: string
  eraseLead: string
  erase: string
  done: Record<PersonDone, string>
  /** The person has no such session, or the address has become somebody else's. */
  gone: string
  reason: string
  reasonHint: string
  badReason: string
  cancel: string
  confirmOne: Confirm
  confirmAll: Confirm & {
    sessions: (count: number, email: string) => string
    noSessions: (email: string) => string
  }
  /** The button on the page of a person whose mailbox refused an email. */
  allowMail: string
  confirmMail: Confirm
  confirmErase: Confirm & {
    identity: string
    sessions: (count: number) => string
    links: (count: number) => string
    request: string
    approvalStays: string
    approval: string
    shutOut: string
    reasonHint: string
    again: string
    againHint: (email: string) => string
    notAgain: string
  }
}
