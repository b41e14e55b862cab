import type { RequestWords } from '../request-words.ts'

export const en: RequestWords = {
  title: 'Requests',
  waiting: (n) =>
    n === 1 ? '1 person is waiting for approval' : `${n} people are waiting for approval`,
  next: 'Next page',
  first: 'Back to the first page',
  none: [
    'Nobody is waiting',
    'Requests are on. People who ask for a link but may not sign in yet appear here.',
  ],
  off: [
    'Requests are off',
    'Nobody can send a request. To turn requests on, set ACCESS_REQUESTS to “on” for both Workers and deploy them.',
  ],
  since: 'Waiting since',
  asked: 'Asked',
  times: (n) => (n === 1 ? 'once' : `${n} times`),
  last: (when) => `last ${when}`,
  device: 'Device',
  from: 'IP address',
  channel: 'By SMS',
  channelName: 'Link wanted',
  until: 'Expires',
  approve: 'Approve',
  approveLead: 'A link is sent at once, for the device that is waiting.',
  decline: 'Decline…',
  declineLead:
    'The person is not told. If they ask again, the request does not come back here for 14 days.',
  already: 'Approved already',
  alreadyLead:
    'Somebody has approved this address since. The device of the person still waits for a link.',
  sendLink: 'Send the link',
  notApproved: 'This address is no longer approved. Nothing was sent. Decide the request below.',
  decide: 'Decide the request',
  waitsForDecision: 'A request from this address is waiting for a decision.',
  waitsForLink: 'This address is approved, but the device that asked still waits for a link.',
  done: {
    approved: (email) =>
      `${email} can sign in now. A link is on its way by email, for the device that is waiting.`,
    approvedWithoutLink: (email) =>
      `${email} can sign in now. No link was sent, because the request is too old. The person must ask for a link again.`,
    declined: (email) => `The request of ${email} was declined. The person is not told.`,
  },
  openApproval: 'Open the approval',
  faster: 'Someone else was faster',
  fasterApproved: (email, by) => `${by} has approved ${email}. Your decision was not saved.`,
  fasterDeclined: (email, by) =>
    `${by} has declined the request of ${email}. Your decision was not saved.`,
  gone: (email) => `${email} is no longer waiting. Nothing was changed.`,
}
