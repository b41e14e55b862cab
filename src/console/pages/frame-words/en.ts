import type { FrameWords } from '../frame-words.ts'

export const en: FrameWords = {
  console: (app) => `${app} Console`,
  colon: (label, text) => `${label}: ${text}`,
  skip: 'Skip to the content',
  navigation: 'Main',
  requests: 'Requests',
  approvals: 'Approvals',
  people: 'People',
  signOut: 'Sign out',
  role: { admin: 'Administrator', approver: 'Approver' },
  error: 'Error',
  problems: 'Please check this first',
  goOn: 'Continue',
  toStart: 'Go to the start page',
  signIn: 'Sign in',
  forbidden: [
    'You may not do this',
    'Your account does not have permission for this. An administrator can help.',
  ],
  whyGuests:
    'To learn why a guest cannot sign in, open the guest’s approval and choose “Why can’t they sign in?”. For a colleague, ask an administrator.',
  notFound: ['There is nothing here', 'The address may be mistyped, or what was here is gone.'],
  badRequest: ['This did not work', 'The request cannot be understood. Go back and try again.'],
  otherOrigin: [
    'This request came from another site',
    'For your safety, nothing was done. Open the console and try again.',
  ],
  tooLarge: ['This is too large', 'Send a smaller file or less text.'],
  tooMany: ['Too many tries', 'Wait a minute, then try again.'],
  unavailable: [
    'The console is not available right now',
    'Your change may or may not have been saved. Try again in a moment, and check first.',
  ],
  failed: ['Something went wrong', 'This is our fault, not yours. Try again in a moment.'],
  reference: (id) => `Reference: ${id}`,
}
