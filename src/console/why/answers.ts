import { addSeconds, toSeconds, type UnixMs } from '../../base/time.ts'
import type { SessionEndReason } from '../../model/session-end.ts'
import type { Finding } from './finding.ts'
import { sentenceOf } from './sentences.ts'
import type { Text } from './text.ts'
import type { WhyWords } from './why-words.ts'

/** The answers to the three complaints that people have. `problem`: whether the rows show a problem. */
export type Answers = Record<Question, Answer>
export type Question = 'notApproved' | 'noMail' | 'thrownOut'
/** The first sentence is the answer, and the others explain it. `besides`: further findings that belong to it. */
export type Answer = { problem: boolean; sentences: Text[]; besides: Text[] }

type Approval = Extract<Finding, { topic: 'approval' }>['code']

/** Whether the finding says that the address may sign in. Null if it says nothing about that. */
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

export function answersOf(findings: readonly Finding[], nowMs: UnixMs, say: WhyWords): Answers {
  return {
    notApproved: whyNotApproved(findings, say),
    noMail: whyNoMail(findings, say),
    thrownOut: whyThrownOut(findings, nowMs, say),
  }
}

/** “It says I am not approved.” */
function whyNotApproved(findings: readonly Finding[], say: WhyWords): Answer {
  const approval = findings.filter((finding) => finding.topic === 'approval')
  return {
    problem: approval.some(({ code }) => MAY_SIGN_IN[code] === false),
    sentences: said(say, approval),
    besides: [],
  }
}

/** “No email came.” The first of these that is true. The others follow from it, or matter less. */
function whyNoMail(findings: readonly Finding[], say: WhyWords): Answer {
  const of = (...codes: Finding['code'][]) => findings.filter(({ code }) => codes.includes(code))
  const told = (...codes: Finding['code'][]) => codes.flatMap((code) => said(say, of(code)))
  const approval = whyNotApproved(findings, say)
  const besides: Text[] = []
  if (approval.problem) {
    return { problem: true, sentences: [say.answers.nothingSent, ...approval.sentences], besides }
  }
  if (of('mail_refused').length > 0) {
    return { problem: true, sentences: told('mail_refused', 'asked'), besides }
  }
  const notSent = of('not_sent')
  // After this ask, the address was approved, or emails were allowed again.
  const stale = notSent.some(
    (finding) =>
      finding.code === 'not_sent' && ['not_approved', 'mail_refused'].includes(finding.reason),
  )
  if (notSent.length > 0) {
    const hint = stale ? [say.answers.askAgain] : []
    return { problem: true, sentences: [...told('not_sent', 'asked'), ...hint], besides }
  }
  if (of('messages_spent').length > 0) {
    return { problem: true, sentences: told('messages_spent', 'asked'), besides }
  }
  const none = told('never_asked', 'no_link_left')
  if (none.length > 0) return { problem: true, sentences: none, besides }
  return { problem: false, sentences: told('sent', 'asked', 'link'), besides }
}

const LATELY_SECONDS = 14 * 86_400

/** “I am signed out every day.” The most frequent reason among the sessions that ended recently. */
function whyThrownOut(findings: readonly Finding[], nowMs: UnixMs, say: WhyWords): Answer {
  const { noneAlive, noneEnded, onPurpose, advice, lastEnded, ended: endedText } = say.answers
  const since = addSeconds(toSeconds(nowMs), -LATELY_SECONDS)
  const ended = findings
    .filter((finding) => finding.code === 'ended')
    .filter(({ at }) => at === null || at >= since)
  const alive = findings.filter(({ code }) => code === 'alive')
  const besides = alive.length === 0 ? [noneAlive] : said(say, alive)
  if (ended.length === 0) return { problem: false, sentences: [noneEnded], besides }
  const byReason = Object.entries(Object.groupBy(ended, ({ reason }) => reason)) as [
    SessionEndReason,
    typeof ended,
  ][]
  const mostFirst = byReason.toSorted(([, a], [, b]) => b.length - a.length)
  const reasons = mostFirst.map(([reason, some]) => [some.length, say.ended[reason]] as const)
  // The reasons that the person did not cause knowingly.
  const looks = mostFirst.flatMap(([reason]) => (isAdvised(reason, advice) ? advice[reason] : []))
  const [last] = ended.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0))
  const when = last?.at == null ? [] : [lastEnded(last.at)]
  return {
    problem: looks.length > 0,
    sentences: [
      ...(looks.length === 0 ? [onPurpose] : []),
      endedText(ended.length, reasons),
      ...when,
      ...looks,
    ],
    besides,
  }
}

type Advice = WhyWords['answers']['advice']
const isAdvised = (reason: SessionEndReason, advice: Advice): reason is keyof Advice =>
  Object.hasOwn(advice, reason)

const said = (say: WhyWords, findings: readonly Finding[]): Text[] =>
  findings.map((finding) => sentenceOf(say, finding))
