import type { UnixSeconds } from '../../base/time.ts'
import type { NotSent } from '../../model/link.ts'
import type { SessionEndReason } from '../../model/session-end.ts'
import type { Finding, FindingCode, LinkState } from './findings.ts'

/** `2026-10-20 14:05 UTC`. */
export const timeText = (moment: UnixSeconds): string =>
  `${new Date(moment * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`

const by = (name: string | null) => (name === null ? '' : ` by ${name}`)
const on = (moment: UnixSeconds | null) => (moment === null ? '' : ` on ${timeText(moment)}`)
const device = (name: string | null) => (name === null ? 'a device without a name' : `“${name}”`)
const because = (reason: string | null) => (reason === null ? '' : ` The reason: “${reason}”.`)
const times = (count: number) => (count === 1 ? 'once' : `${count} times`)

/** Why no message went out. */
export const NOT_SENT: Record<NotSent, string> = {
  not_approved: 'the address may not sign in',
  no_number: 'a text message was asked for, and the approval names no phone number',
  other_number: 'a text message to another number than the approval’s was asked for',
  over_budget: 'the phone number had ten messages in an hour',
  send_failed: 'the mail or SMS service did not take the message, also when it was tried again',
}

/** Why a session ended, and what to do about it. */
export const ENDED: Record<SessionEndReason, string> = {
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

const LINK: Record<LinkState, (at: UnixSeconds | null) => string> = {
  waiting: (at) => `It has not been used. It works until${at === null ? '' : ` ${timeText(at)}`}.`,
  used: (at) => `It was used${on(at)}: it opens nothing more.`,
  expired: (at) => `It expired${on(at)} and was never used.`,
  superseded: (at) =>
    `It opens nothing more, since a later sign-in or a sign-out everywhere${on(at)} spent it.`,
  identity_gone: () => 'It opens nothing, since the person that it was made for was erased.',
}

type Sentences = { [Code in FindingCode]: (finding: Finding & { code: Code }) => string }

/** One sentence or two for each finding. A new finding, or a new reason in one, does not compile until it has its own. */
const SENTENCES: Sentences = {
  company: ({ domain }) => `Everybody at ${domain} may sign in. This address needs no approval.`,
  approved: ({ by: name, at, until }) =>
    `Approved${by(name)}${on(at)}, ${until === null ? 'without an end' : `until ${timeText(until)}`}.`,
  not_approved: () => 'Not approved: nobody has approved this address.',
  tag_of_company: ({ mailbox }) =>
    `Not approved: an address with a +tag needs an approval of its own, though ${mailbox} is the company’s.`,
  approval_ended: ({ at, by: name }) =>
    `Not approved any more: the approval${by(name)} ended on ${timeText(at)}.`,
  withdrawn: ({ at, by: name, reason, company }) =>
    `Not approved: ${company ? 'this company address was shut out' : 'the approval was withdrawn'}` +
    `${by(name)} on ${timeText(at)}.${because(reason)}`,
  requested: ({ at, asks }) =>
    `The address has asked ${times(asks)} to be let in, the last time on ${timeText(at)}. Nobody has decided yet.`,
  request_declined: ({ at }) =>
    `Its request to be let in was declined on ${timeText(at)}. The person is not told.`,
  never_asked: () =>
    'Nobody has asked for a link with this address lately. Look for a slip in the spelling, and whether the app reaches the server.',
  no_link_left: ({ askedSince }) =>
    `Links were asked for since ${timeText(askedSince)}, but none lately: rows of links are deleted some time after they expire.`,
  asked: ({ at, channel, ipAddress }) =>
    `A link was last asked for on ${timeText(at)}, by ${channel === 'sms' ? 'text message' : 'mail'}, from ${ipAddress}.`,
  sent: ({ channel, from }) =>
    channel === 'sms'
      ? 'The SMS service has taken the message. If it did not arrive, the service’s own log says why.'
      : `The mail service has taken the mail, from ${from}. If it did not arrive, look into the spam folder and the mail service’s log of bounces.`,
  not_sent: ({ reason }) => `No message was sent, because ${NOT_SENT[reason]}.`,
  link: ({ state, at }) => LINK[state](at),
  messages_left: ({ left, size }) =>
    `${left} of ${size} messages an hour are left: another link can be sent now.`,
  messages_spent: ({ size, nextAt }) =>
    `All ${size} messages of this hour are used. The next one can be sent on ${timeText(nextAt)}; until then the app is told to wait.`,
  cooling_down: ({ nextAt }) =>
    `A message was sent within the last minute. The next one can be sent on ${timeText(nextAt)}.`,
  shared_mailbox: ({ mailbox }) => `It shares the number of messages with ${mailbox}.`,
  no_sms_number: () => 'Text messages cannot be sent, since the approval names no phone number.',
  codes_left: ({ left, size }) => `${left} of ${size} tries of a code are left for today.`,
  codes_shut: ({ size, nextAt }) =>
    `Codes are shut until ${timeText(nextAt)}, after ${size} tries in a day. The link in the message works all the same.`,
  link_codes_spent: ({ attempts }) =>
    `The code of the last message was tried ${attempts} times and takes no more. Its link works, and so does the code of a new message.`,
  no_session: () => 'There is no session, alive or ended lately.',
  alive: ({ deviceName, since, lastUsedAt, endsAt }) =>
    `Signed in on ${device(deviceName)} since ${timeText(since)}, last used on ${timeText(lastUsedAt)}. It ends on ${timeText(endsAt)} if nobody uses it.`,
  ended: ({ deviceName, since, reason, at, by: name }) =>
    `The session on ${device(deviceName)} of ${timeText(since)} has ended${on(at)}${by(name)}: ${ENDED[reason]}.`,
  nobody_yet: () => 'Nobody has this address: the next ask for a link makes a new person of it.',
  not_signed_in_yet: ({ since }) =>
    `Links were asked for since ${timeText(since)}, and nobody has ever signed in with one.`,
  person: ({ userId, since }) => `The address is ${userId}’s since ${timeText(since)}.`,
}

export const sentenceOf = (finding: Finding): string =>
  (SENTENCES[finding.code] as (finding: Finding) => string)(finding)

export const FINDING_CODES = Object.keys(SENTENCES) as FindingCode[]
