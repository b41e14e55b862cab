import type { UnixSeconds } from '../../base/time.ts'
import type { MailRefusal } from '../../model/address.ts'
import type { NotSent } from '../../model/link.ts'
import type { SessionEndReason } from '../../model/session-end.ts'

/** The state of a link, from its row and the address row. */
export type LinkState = 'waiting' | 'used' | 'expired' | 'superseded' | 'identity_gone'

/**
 * One fact that the rows show about an address. Each has its own sentence (sentences.ts): a new finding does not compile
 * without one. Times in Unix seconds.
 */
export type Finding =
  | { topic: 'approval'; code: 'company'; domain: string }
  | {
      topic: 'approval'
      code: 'approved'
      by: string | null
      at: UnixSeconds | null
      until: UnixSeconds | null
    }
  | { topic: 'approval'; code: 'not_approved' }
  /** A `+tag` of a company address is not a company address. */
  | { topic: 'approval'; code: 'tag_of_company'; mailbox: string }
  | { topic: 'approval'; code: 'approval_ended'; at: UnixSeconds; by: string | null }
  | {
      topic: 'approval'
      code: 'withdrawn'
      at: UnixSeconds
      by: string | null
      reason: string | null
      company: boolean
    }
  | { topic: 'approval'; code: 'requested'; at: UnixSeconds; asks: number }
  | { topic: 'approval'; code: 'request_declined'; at: UnixSeconds }
  | { topic: 'mail'; code: 'never_asked' }
  | { topic: 'mail'; code: 'no_link_left'; askedSince: UnixSeconds }
  | { topic: 'mail'; code: 'asked'; at: UnixSeconds; channel: string; ipAddress: string | null }
  | { topic: 'mail'; code: 'sent'; at: UnixSeconds; channel: string; from: string }
  | { topic: 'mail'; code: 'mail_refused'; at: UnixSeconds; why: MailRefusal }
  | { topic: 'mail'; code: 'not_sent'; at: UnixSeconds; reason: NotSent }
  | {
      topic: 'mail'
      code: 'link'
      state: LinkState
      askedAt: UnixSeconds
      /** When it was used, superseded or expired, or will expire. */
      at: UnixSeconds | null
    }
  | { topic: 'mail'; code: 'messages_left'; left: number; size: number }
  | { topic: 'mail'; code: 'messages_spent'; size: number; nextAt: UnixSeconds }
  | { topic: 'mail'; code: 'cooling_down'; nextAt: UnixSeconds }
  | { topic: 'mail'; code: 'shared_mailbox'; mailbox: string }
  | { topic: 'mail'; code: 'no_sms_number' }
  | { topic: 'code'; code: 'codes_left'; left: number; size: number }
  | { topic: 'code'; code: 'codes_shut'; size: number; nextAt: UnixSeconds }
  | { topic: 'code'; code: 'link_codes_spent'; askedAt: UnixSeconds; attempts: number }
  | { topic: 'session'; code: 'no_session' }
  | {
      topic: 'session'
      code: 'alive'
      sessionId: string
      deviceName: string | null
      since: UnixSeconds
      lastUsedAt: UnixSeconds
      endsAt: UnixSeconds
    }
  | {
      topic: 'session'
      code: 'ended'
      sessionId: string
      deviceName: string | null
      since: UnixSeconds
      reason: SessionEndReason
      at: UnixSeconds | null
      by: string | null
    }
  | { topic: 'identity'; code: 'nobody_yet' }
  | { topic: 'identity'; code: 'not_signed_in_yet'; userId: string; since: UnixSeconds }
  | { topic: 'identity'; code: 'person'; userId: string; since: UnixSeconds }

export type FindingCode = Finding['code']
