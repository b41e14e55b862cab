import { addSeconds, toSeconds, type UnixMs } from '../../base/time.ts'
import type { SessionEndReason } from '../../model/session-end.ts'
import type { Finding } from './findings.ts'
import { ENDED, sentenceOf, timeText } from './sentences.ts'

/** One look at the three complaints that people call with. `problem`: whether the rows show one. */
export type Answers = Record<'notApproved' | 'noMail' | 'thrownOut', Answer>
export type Answer = { problem: boolean; sentence: string }

type Approval = Extract<Finding, { topic: 'approval' }>['code']

/** Whether a finding of this topic says that the address may sign in; null for one that says neither. */
const MAY_SIGN_IN: Record<Approval, boolean | null> = {
  company: true,
  approved: true,
  not_approved: false,
  tag_of_company: false,
  approval_ended: false,
  withdrawn: false,
  requested: null,
  request_declined: null,
}

export function answersOf(findings: readonly Finding[], nowMs: UnixMs): Answers {
  return {
    notApproved: whyNotApproved(findings),
    noMail: whyNoMail(findings),
    thrownOut: whyThrownOut(findings, nowMs),
  }
}

/** “It says I am not approved.” */
function whyNotApproved(findings: readonly Finding[]): Answer {
  const approval = findings.filter((finding) => finding.topic === 'approval')
  return {
    problem: approval.some(({ code }) => MAY_SIGN_IN[code] === false),
    sentence: said(approval),
  }
}

/** “No mail came.” The first of these that is so; the others follow from it, or matter less. */
function whyNoMail(findings: readonly Finding[]): Answer {
  const of = (...codes: Finding['code'][]) => findings.filter(({ code }) => codes.includes(code))
  const approval = whyNotApproved(findings)
  if (approval.problem) {
    return { problem: true, sentence: `No message is sent to this address. ${approval.sentence}` }
  }
  const notSent = of('not_sent')
  // Since it was asked for, the address has been approved.
  const stale = notSent.some(
    (finding) => finding.code === 'not_sent' && finding.reason === 'not_approved',
  )
  if (notSent.length > 0) {
    const hint = stale ? ' It may sign in now: ask for a new link.' : ''
    return { problem: true, sentence: said(of('asked', 'not_sent')) + hint }
  }
  const spent = of('messages_spent')
  if (spent.length > 0) return { problem: true, sentence: said([...of('asked'), ...spent]) }
  const none = of('never_asked', 'no_link_left')
  if (none.length > 0) return { problem: true, sentence: said(none) }
  return { problem: false, sentence: said(of('asked', 'sent', 'link')) }
}

const LATELY_SECONDS = 14 * 86_400

/** Ends that nobody meant, as far as the person can tell, and what to look at. */
const ADVICE: Record<SessionEndReason, string | null> = {
  signed_out: null,
  signed_out_everywhere: null,
  ended_by_company: null,
  identity_gone: null,
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
}

/** “I am thrown out every day.” What ended most of the sessions that ended lately. */
function whyThrownOut(findings: readonly Finding[], nowMs: UnixMs): Answer {
  const since = addSeconds(toSeconds(nowMs), -LATELY_SECONDS)
  const ended = findings
    .filter((finding) => finding.code === 'ended')
    .filter(({ at }) => at === null || at >= since)
  const alive = findings.filter(({ code }) => code === 'alive')
  const living = alive.length === 0 ? 'No session is alive.' : said(alive)
  if (ended.length === 0) {
    return { problem: false, sentence: `No session has ended in the last 14 days. ${living}` }
  }
  const byReason = Object.entries(Object.groupBy(ended, ({ reason }) => reason)) as [
    SessionEndReason,
    typeof ended,
  ][]
  const mostFirst = byReason.toSorted(([, a], [, b]) => b.length - a.length)
  const reasons = mostFirst.map(([reason, some]) => `${some.length} because ${ENDED[reason]}`)
  const advice = mostFirst.flatMap(([reason]) => ADVICE[reason] ?? [])
  const [last] = ended.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0))
  const when = last?.at == null ? '' : ` The last one on ${timeText(last.at)}.`
  const count = ended.length === 1 ? '1 session has' : `${ended.length} sessions have`
  return {
    problem: advice.length > 0,
    sentence: [
      `${count} ended in the last 14 days: ${reasons.join('; ')}.${when}`,
      ...advice,
      living,
    ].join(' '),
  }
}

const said = (findings: readonly Finding[]): string => findings.map(sentenceOf).join(' ')
