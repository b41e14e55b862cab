import type { UnixSeconds } from '../../../base/time.ts'
import { moment, text } from '../text.ts'
import type { WhyWords } from '../why-words.ts'

const by = (name: string | null) => (name === null ? '' : ` by ${name}`)
const on = (at: UnixSeconds | null) => (at === null ? '' : text` on ${moment(at)}`)
const device = (name: string | null) => (name === null ? 'a device without a name' : `“${name}”`)
const because = (reason: string | null) => (reason === null ? '' : ` The reason: “${reason}”.`)
const times = (count: number) => (count === 1 ? 'once' : `${count} times`)

const notSent: WhyWords['notSent'] = {
  not_approved: 'the address may not sign in',
  no_number: 'a text message was asked for, and the approval names no phone number',
  other_number: 'a text message to another number than the approval’s was asked for',
  over_budget: 'the phone number had ten messages in an hour',
  send_failed: 'the mail or SMS service did not take the message, also when it was tried again',
}

const ended: WhyWords['ended'] = {
  signed_out: 'the person signed out',
  signed_out_everywhere:
    'the person signed out everywhere, or the oldest of more than 50 devices gave way',
  replaced: 'the same device signed in again, which ends its older session',
  reuse:
    'an old token of it came back: either somebody copied it, or the app lost its newest token and used one from a backup',
  ended_by_company: 'the company ended it',
  identity_gone: 'the person was erased, or the address has become somebody else’s',
  expired: 'its whole life was over',
  idle: 'nobody used it for too long',
  approval_none: 'the address has no approval any more',
  approval_ended: 'the approval has ended',
  approval_withdrawn: 'the approval was withdrawn',
}

const link: WhyWords['link'] = {
  waiting: (at) =>
    text`It has not been used.${at === null ? '' : text` It works until ${moment(at)}.`}`,
  used: (at) => text`It was used${on(at)}: it opens nothing more.`,
  expired: (at) => text`It expired${on(at)} and was never used.`,
  superseded: (at) =>
    text`It opens nothing more, since a later sign-in or a sign-out everywhere${on(at)} spent it.`,
  identity_gone: () => 'It opens nothing, since the person that it was made for was erased.',
}

export const en: WhyWords = {
  between: ' ',
  notSent,
  ended,
  link,
  findings: {
    company: ({ domain }) => `Everybody at ${domain} may sign in. This address needs no approval.`,
    approved: ({ by: name, at, until }) =>
      text`Approved${by(name)}${on(at)}, ${until === null ? 'without an end' : text`until ${moment(until)}`}.`,
    not_approved: () => 'Not approved: nobody has approved this address.',
    tag_of_company: ({ mailbox }) =>
      `Not approved: an address with a +tag needs an approval of its own, though ${mailbox} is the company’s.`,
    approval_ended: ({ at, by: name }) =>
      text`Not approved any more: the approval${by(name)} ended on ${moment(at)}.`,
    withdrawn: ({ at, by: name, reason, company }) => {
      const what = company ? 'this company address was shut out' : 'the approval was withdrawn'
      return text`Not approved: ${what}${by(name)} on ${moment(at)}.${because(reason)}`
    },
    requested: ({ at, asks }) =>
      text`The address has asked ${times(asks)} to be let in, the last time on ${moment(at)}. Nobody has decided yet.`,
    request_declined: ({ at }) =>
      text`Its request to be let in was declined on ${moment(at)}. The person is not told.`,
    never_asked: () =>
      'Nobody has asked for a link with this address lately. Look for a slip in the spelling, and whether the app reaches the server.',
    no_link_left: ({ askedSince }) =>
      text`Links were asked for since ${moment(askedSince)}, but none lately: rows of links are deleted some time after they expire.`,
    asked: ({ at, channel, ipAddress }) =>
      text`A link was last asked for on ${moment(at)}, by ${channel === 'sms' ? 'text message' : 'mail'}, from ${ipAddress}.`,
    sent: ({ channel, from }) =>
      channel === 'sms'
        ? 'The SMS service has taken the message. If it did not arrive, the service’s own log says why.'
        : `The mail service has taken the mail, from ${from}. If it did not arrive, look into the spam folder and the mail service’s log of bounces.`,
    not_sent: ({ reason }) => `No message was sent, because ${notSent[reason]}.`,
    link: ({ state, at }) => link[state](at),
    messages_left: ({ left, size }) =>
      `${left} of ${size} messages an hour are left: another link can be sent now.`,
    messages_spent: ({ size, nextAt }) =>
      text`All ${size} messages of this hour are used. The next one can be sent on ${moment(nextAt)}; until then the app is told to wait.`,
    cooling_down: ({ nextAt }) =>
      text`A message was sent within the last minute. The next one can be sent on ${moment(nextAt)}.`,
    shared_mailbox: ({ mailbox }) => `It shares the number of messages with ${mailbox}.`,
    no_sms_number: () => 'Text messages cannot be sent, since the approval names no phone number.',
    codes_left: ({ left, size }) => `${left} of ${size} tries of a code are left for today.`,
    codes_shut: ({ size, nextAt }) =>
      text`Codes are shut until ${moment(nextAt)}, after ${size} tries in a day. The link in the message works all the same.`,
    link_codes_spent: ({ attempts }) =>
      `The code of the last message was tried ${attempts} times and takes no more. Its link works, and so does the code of a new message.`,
    no_session: () => 'There is no session, alive or ended lately.',
    alive: ({ deviceName, since, lastUsedAt, endsAt }) =>
      text`Signed in on ${device(deviceName)} since ${moment(since)}, last used on ${moment(lastUsedAt)}. It ends on ${moment(endsAt)} if nobody uses it.`,
    ended: ({ deviceName, since, reason, at, by: name }) =>
      text`The session on ${device(deviceName)} of ${moment(since)} has ended${on(at)}${by(name)}: ${ended[reason]}.`,
    nobody_yet: () => 'Nobody has this address: the next ask for a link makes a new person of it.',
    not_signed_in_yet: ({ since }) =>
      text`Links were asked for since ${moment(since)}, and nobody has ever signed in with one.`,
    person: ({ userId, since }) => text`The address is ${userId}’s since ${moment(since)}.`,
  },
  answers: {
    nothingSent: 'No message is sent to this address.',
    askAgain: 'It may sign in now: ask for a new link.',
    noneEnded: 'No session has ended in the last 14 days.',
    noneAlive: 'No session is alive.',
    ended: (count, reasons) => {
      const many = count === 1 ? '1 session has' : `${count} sessions have`
      const whys = reasons.map(([some, reason]) => `${some} because ${reason}`).join('; ')
      return `${many} ended in the last 14 days: ${whys}.`
    },
    lastEnded: (at) => text`The last one on ${moment(at)}.`,
    advice: {
      replaced:
        'The app signs in again though its session is alive: look at whether it keeps its storage between starts.',
      reuse:
        'Look at whether the app stores each new token before it uses it, and at backups that were restored.',
      expired:
        'That is SESSION_TTL_SECONDS: a person signs in again after it, however often they come.',
      idle: 'That is SESSION_IDLE_SECONDS: the app did not refresh for so long.',
      approval_none: 'Approve the address again.',
      approval_ended: 'Extend the approval.',
      approval_withdrawn: 'Restore the approval, if that is right.',
    },
  },
}
