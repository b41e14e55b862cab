import type { UnixSeconds } from '../../base/time.ts'
import type { MailRefusal } from '../../model/address.ts'
import type { NotSent } from '../../model/link.ts'
import type { SessionEndReason } from '../../model/session-end.ts'
import type { Finding, FindingCode, LinkState } from './finding.ts'
import type { Text } from './text.ts'

/** Ends that somebody meant. The others come with an advice. */
type Meant = 'signed_out' | 'signed_out_everywhere' | 'ended_by_company' | 'identity_gone'

/**
 * What is said about an address, in one language. A new finding, or a new reason in one, does not compile until every
 * language has words for it.
 */
export type WhyWords = {
  /** Stands between two sentences. */
  between: string
  /** Why no message went out: follows a "because". */
  notSent: Record<NotSent, string>
  /** Why no email is sent to an address any more. A sentence. */
  refused: Record<MailRefusal, (at: UnixSeconds) => Text>
  /** Why a session ended: follows a colon or a "because". */
  ended: Record<SessionEndReason, string>
  link: Record<LinkState, (at: UnixSeconds | null) => Text>
  /** One sentence or two for each finding. */
  findings: { [Code in FindingCode]: (finding: Finding & { code: Code }) => Text }
  answers: {
    nothingSent: string
    askAgain: string
    noneEnded: string
    /** Sessions ended, and somebody meant each of these ends. */
    onPurpose: string
    noneAlive: string
    /** So many sessions ended lately, and how many of them for each reason. */
    ended: (count: number, reasons: readonly (readonly [count: number, reason: string])[]) => Text
    lastEnded: (at: UnixSeconds) => Text
    advice: Record<Exclude<SessionEndReason, Meant>, string>
  }
}
