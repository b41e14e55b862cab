import type { SignInWords } from '../sign-in-words.ts'

export const en: SignInWords = {
  title: 'Sign in',
  lead: 'For people who decide who may sign in. You get a link and a code by e-mail.',
  email: 'Your e-mail address',
  send: 'Send me a link',
  why: {
    stale: 'You signed in more than 12 hours ago. Sign in again to continue where you were.',
    ended: 'Your session has ended. Sign in again to continue where you were.',
    out: 'You are signed out.',
    recent: 'This changes how someone can sign in. Please sign in again first.',
  },
  badEmail: 'Enter an email address such as ada@example.com.',
  wait: (n) => `Please wait: try again in ${n} second${n === 1 ? '' : 's'}.`,
  sent: 'Check your email',
  sentLead: 'If this address may sign in, a message is on its way to it:',
  code: 'Code from the message',
  codeHint: 'Six digits. Or open the link in this browser.',
  enter: 'Sign in',
  noMail: 'No email? Look in the spam folder.',
  resend: 'Send it again',
  resent: 'It was sent again.',
  otherAddress: 'Use another address',
  badCode: 'Enter the six digits from the message.',
  refused: {
    unknown: 'This code is wrong. Check it, or have a new one sent.',
    used: 'This code has already been used. Have a new one sent.',
    expired: 'This code has expired. Have a new one sent.',
    superseded: 'You have since signed in with a newer code. Have a new one sent.',
    not_approved: 'This address may no longer sign in.',
  },
  link: ['Sign in here?', 'You asked for this link. Continue in this browser with the account:'],
  confirm: 'Yes, sign in',
  close: 'If you did not ask to sign in, close this page.',
  linkInvalid: [
    'This link does not work',
    'It may be cut off. Copy the whole link, or enter the code instead.',
  ],
  linkExpired: ['This link has expired', 'Links work for a short time. Ask for a new one.'],
  otherBrowser: [
    'This is not the browser that asked',
    'A link works only in the browser in which you asked for it. Enter the six-digit code from the message there, or start again here.',
  ],
  enterCode: 'Enter the code',
  again: 'Start again',
  noRole: [
    'No access to the console',
    (email) =>
      `You are signed in as ${email}, but this account has no access to the console. An administrator can grant it.`,
  ],
}
