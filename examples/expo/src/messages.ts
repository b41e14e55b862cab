import { LatchkeyError } from '@latchkey/client'

/** What a person can do about an error. Each text says what happened first. */
export function messageOf(error: unknown): string {
  if (!(error instanceof LatchkeyError)) return 'Something went wrong. Try again.'
  switch (error.code) {
    case 'offline':
      return 'There is no connection. Try again when you are online.'
    case 'unavailable':
      return 'The service does not answer at the moment. Try again in a minute.'
    case 'rate_limited':
      return `That was too often. Try again in ${inWords(error.retryAfterSeconds ?? 60)}.`
    case 'invalid_grant':
      return refusals[error.reason ?? 'none']
    case 'not_asked':
      return 'Another device asked for this link. Enter the code of the message there.'
    case 'invalid_request':
      return 'This address is not valid. Check it for a typing error.'
    case 'link_expired':
      return 'This link and code have expired. Ask for new ones.'
    case 'signed_out':
      return 'You are signed out. Sign in again.'
    case 'storage':
      return 'The storage of this phone cannot be read. Unlock the phone and try again.'
    case 'key':
      return 'The key of this phone cannot be read. Unlock the phone and try again. If that does not help, sign out and in again.'
    default:
      return 'Something went wrong. Try again.'
  }
}

const refusals = {
  used: 'This link was used already. Ask for a new one.',
  expired: 'This link and code have expired. Ask for new ones.',
  superseded: 'A later sign-in has replaced this link. Ask for a new one.',
  not_approved: 'This address may not sign in. Ask your company to let you in.',
  none: 'This code is wrong, or it is of another message. Check the newest message.',
}

export function inWords(seconds: number): string {
  if (seconds < 60) return seconds === 1 ? '1 second' : `${seconds} seconds`
  const minutes = Math.ceil(seconds / 60)
  return minutes === 1 ? '1 minute' : `${minutes} minutes`
}
