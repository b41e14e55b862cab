import type { Notice } from '../frame-words.ts'
import type { Why } from '../local-path.ts'

/** What the pages of the sign-in say. */
export type SignInWords = {
  title: string
  lead: (app: string) => string
  email: string
  send: string
  why: Record<Why, string>
  badEmail: string
  /** Too many messages, or too many requests. */
  wait: (seconds: number) => string
  sent: string
  /** Says the same of every address. */
  sentLead: string
  code: string
  codeHint: string
  enter: string
  noMail: string
  resend: string
  resent: string
  otherAddress: string
  badCode: string
  refused: Record<'unknown' | 'used' | 'expired' | 'superseded' | 'not_approved', string>
  link: Notice
  confirm: string
  close: string
  linkInvalid: Notice
  linkExpired: Notice
  otherBrowser: Notice
  /** The way back to the code of a sign-in that this browser has begun. */
  haveCode: string
  /** The heading above `wait`. */
  waitTitle: string
  enterCode: string
  again: string
  noRole: readonly [title: string, text: (email: string) => string]
}
