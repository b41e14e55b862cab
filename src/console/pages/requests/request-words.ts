import type { Notice } from '../frame-words.ts'

/** The words of the page of access requests. */
export type RequestWords = {
  title: string
  waiting: (count: number) => string
  next: string
  first: string
  /** What an empty queue says while ACCESS_REQUESTS is on, and while it is off. */
  none: Notice
  off: Notice
  since: string
  asked: string
  times: (asks: number) => string
  /** `when` is `5 minutes ago`. */
  last: (when: string) => string
  device: string
  from: string
  /** Shown for an SMS: the link of an approval goes by mail all the same. */
  channelName: string
  channel: string
  until: string
  approve: string
  approveLead: string
  decline: string
  declineLead: string
  /** The address was approved in another way, and its device still waits. */
  already: string
  alreadyLead: string
  sendLink: string
  /** It was, and no longer is. */
  notApproved: string
  /** On the other pages of an address whose request waits. */
  decide: string
  waitsForDecision: string
  waitsForLink: string
  done: {
    approved: (email: string) => string
    /** The key that sealed the device's handle is no longer in SEAL_KEYS. */
    approvedWithoutLink: (email: string) => string
    declined: (email: string) => string
  }
  openApproval: string
  /** Another approver decided first. */
  faster: string
  fasterApproved: (email: string, by: string) => string
  fasterDeclined: (email: string, by: string) => string
  gone: (email: string) => string
}
