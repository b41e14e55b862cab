import type { UnixSeconds } from '../../../base/time.ts'
import { moment, nameOf, text } from '../text.ts'
import type { WhyWords } from '../why-words.ts'

const by = (name: string | null) => (name === null ? '' : ` by ${name}`)
const on = (at: UnixSeconds | null) => (at === null ? '' : text` on ${moment(at)}`)
const device = (name: string | null) => (name === null ? 'a device without a name' : `“${name}”`)
const because = (reason: string | null) => (reason === null ? '' : ` The reason: “${reason}”.`)
const endedBy = (id: string | null) => by(nameOf(id))
const times = (count: number) => (count === 1 ? 'once' : `${count} times`)

const notSent: WhyWords['notSent'] = {
  not_approved: 'the address is not allowed to sign in',
  no_number: 'a text message was requested, but the approval has no phone number',
  other_number: 'a text message was requested to a number other than the approved one',
  over_budget: 'the phone number already received ten messages in an hour',
  send_failed: 'the email or SMS service did not accept the message, even after a retry',
  mail_refused: 'the mailbox refused an earlier email from us',
}

const refused: WhyWords['refused'] = {
  bounce: (at) =>
    text`The mailbox refused our email${on(at)}: it does not exist, or it does not accept our messages.`,
  complaint: (at) => text`The person marked our email as spam${on(at)}.`,
  suppressed: (at) =>
    text`SES did not deliver our email${on(at)}, because the address is on its suppression list.`,
}

const ended: WhyWords['ended'] = {
  signed_out: 'the person signed out',
  signed_out_everywhere:
    'the person signed out everywhere, or had more than 50 devices, and the oldest were signed out',
  replaced: 'the same device signed in again, which ends its older session',
  reuse:
    'an outdated token of this session was used. Either it was copied, or the app restored an old one from a backup',
  ended_by_company: 'the company ended it',
  identity_gone: 'the person was erased, or the address now belongs to someone else',
  expired: 'it reached its maximum length',
  idle: 'it was not used for too long',
  approval_none: 'the address no longer has an approval',
  approval_ended: 'the approval has ended',
  approval_withdrawn: 'the approval was withdrawn',
}

const link: WhyWords['link'] = {
  waiting: (at) =>
    text`It has not been used.${at === null ? '' : text` It works until ${moment(at)}.`}`,
  used: (at) => text`It was used${on(at)}, and cannot be used again.`,
  expired: (at) => text`It expired${on(at)} and was never used.`,
  superseded: (at) =>
    text`It no longer works, because a later sign-in or sign-out everywhere${on(at)} made it invalid.`,
  identity_gone: () => 'It no longer works, because the person it was sent to was erased.',
}

export const en: WhyWords = {
  between: ' ',
  notSent,
  refused,
  ended,
  link,
  findings: {
    company: ({ domain }) => `Everyone at ${domain} may sign in. This address needs no approval.`,
    approved: ({ by: name, at, until }) =>
      text`Approved${by(name)}${on(at)}, ${until === null ? 'without an end' : text`until ${moment(until)}`}.`,
    not_approved: () => 'Not approved: nobody has approved this address.',
    tag_of_company: ({ mailbox }) =>
      `Not approved: an address with a +tag needs its own approval, although ${mailbox} is a company address.`,
    approval_ended: ({ at, by: name }) =>
      text`No longer approved: the approval${by(name)} ended on ${moment(at)}.`,
    withdrawn: ({ at, by: name, reason, company }) => {
      const what = company ? 'this company address was shut out' : 'the approval was withdrawn'
      return text`Not approved: ${what}${by(name)} on ${moment(at)}.${because(reason)}`
    },
    requested: ({ at, asks }) =>
      text`The address has requested access ${times(asks)}, most recently on ${moment(at)}. Nobody has decided yet.`,
    request_declined: ({ at }) =>
      text`Its access request was declined on ${moment(at)}. The person is not told.`,
    never_asked: () =>
      'The app has not asked for a link with this address recently. Ask them to try again, and to check that they typed the address right.',
    no_link_left: ({ askedSince }) =>
      text`The app has not asked for a link recently. Ask them to try again and to check the address. The first link was requested on ${moment(askedSince)}.`,
    asked: ({ at, channel, ipAddress }) =>
      text`A link was last requested on ${moment(at)}, by ${channel === 'sms' ? 'text message' : 'email'}${ipAddress === null ? '' : ` (IP address ${ipAddress})`}.`,
    sent: ({ channel, from }) =>
      channel === 'sms'
        ? 'The message was sent. If it did not arrive: ask them whether the phone number is right and has reception.'
        : `The message was sent from ${from}. If it did not arrive: ask them to look in the spam folder, and ask their IT whether messages from this sender are blocked.`,
    mail_refused: ({ why, at }) =>
      text`${refused[why](at)} No email is sent to it since then. An administrator can allow emails again on the person’s page.`,
    not_sent: ({ reason }) => `No message was sent, because ${notSent[reason]}.`,
    link: ({ state, at }) => link[state](at),
    messages_left: ({ left, size }) =>
      `${left} of the ${size} messages allowed per hour are left. Another link can be sent now.`,
    messages_spent: ({ size, nextAt }) =>
      text`All ${size} messages allowed per hour are used. Next possible: ${moment(nextAt)}. Until then, the app is told to wait.`,
    cooling_down: ({ nextAt }) =>
      text`A link was requested within the last minute. Next possible: ${moment(nextAt)}.`,
    shared_mailbox: ({ mailbox }) => `It shares its message limit with ${mailbox}.`,
    no_sms_number: () => 'Text messages cannot be sent, because the approval has no phone number.',
    codes_left: ({ left, size }) => `${left} of ${size} code attempts are left today.`,
    codes_shut: ({ size, nextAt }) =>
      text`Codes are blocked until ${moment(nextAt)}, after ${size} attempts in one day. The link in the message still works.`,
    link_codes_spent: ({ attempts }) =>
      `The code of the last message was tried ${attempts} times and no longer works. Its link still works, and so does the code of a new message.`,
    no_session: () => 'There is no active or recently ended session.',
    alive: ({ deviceName, since, lastUsedAt, endsAt }) =>
      text`Signed in on ${device(deviceName)} since ${moment(since)}, last used on ${moment(lastUsedAt)}. It ends on ${moment(endsAt)} if it is not used.`,
    ended: ({ deviceName, since, reason, at, by: name }) =>
      text`The session on ${device(deviceName)} of ${moment(since)} ended${on(at)}${endedBy(name)}: ${ended[reason]}.`,
    nobody_yet: () =>
      'No person uses this address yet. The next time someone requests a link with it, a new user id is created.',
    not_signed_in_yet: ({ since }) =>
      text`The first link was requested on ${moment(since)}, and nobody has ever signed in with one.`,
    person: ({ userId, since }) =>
      text`The address has belonged to ${userId} since ${moment(since)}.`,
  },
  answers: {
    nothingSent: 'No message is sent to this address.',
    askAgain: 'It may sign in now. Request a new link.',
    noneEnded: 'No session has ended in the last 14 days.',
    onPurpose: 'Nothing is wrong: in the last 14 days, sessions were only ended on purpose.',
    noneAlive: 'No session is active.',
    ended: (count, reasons) => {
      const many = count === 1 ? '1 session' : `${count} sessions`
      const whys = reasons.map(([some, reason]) => `${some} because ${reason}`).join('; ')
      return `${many} ended in the last 14 days: ${count === 1 ? reasons[0]![1] : whys}.`
    },
    lastEnded: (at) => text`The last one ended on ${moment(at)}.`,
    advice: {
      replaced:
        'The app signed in again although its session was still active. Check whether it keeps its storage between starts.',
      reuse:
        'Check whether the app stores each new token before it uses it, and whether a backup was restored.',
      expired:
        'Sessions have a maximum length (SESSION_TTL_SECONDS). After that, everyone must sign in again.',
      idle: 'The app did not contact the server for longer than SESSION_IDLE_SECONDS.',
      approval_none: 'Approve the address again.',
      approval_ended: 'Extend the approval.',
      approval_withdrawn: 'If the withdrawal was a mistake, restore the approval.',
    },
  },
}
