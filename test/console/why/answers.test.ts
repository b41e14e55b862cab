import { describe, expect, it } from 'vitest'
import { unixMs, unixSeconds } from '../../../src/base/time.ts'
import { answersOf } from '../../../src/console/why/answers.ts'
import type { Finding } from '../../../src/console/why/finding.ts'
import { sentenceOf } from '../../../src/console/why/sentences.ts'
import { en } from '../../../src/console/why/words/en.ts'
import type { SessionEndReason } from '../../../src/model/session-end.ts'

const T = 1_800_000_000
const at = unixSeconds(T)
const FORTNIGHT = 14 * 86_400

const approved: Finding = { topic: 'approval', code: 'approved', by: null, at: null, until: null }
const absent: Finding = { topic: 'approval', code: 'not_approved' }
const requested: Finding = { topic: 'approval', code: 'requested', at, asks: 1 }
const asked: Finding = { topic: 'mail', code: 'asked', at, channel: 'email', ipAddress: null }
const sent: Finding = { topic: 'mail', code: 'sent', at, channel: 'email', from: 'a@b.example' }
const link: Finding = { topic: 'mail', code: 'link', state: 'waiting', askedAt: at, at }
const spent: Finding = { topic: 'mail', code: 'messages_spent', size: 5, nextAt: at }
const never: Finding = { topic: 'mail', code: 'never_asked' }
const gone: Finding = { topic: 'mail', code: 'no_link_left', askedSince: at }
const notSent = (reason: 'not_approved' | 'send_failed'): Finding => ({
  topic: 'mail',
  code: 'not_sent',
  at,
  reason,
})
const alive: Finding = {
  topic: 'session',
  code: 'alive',
  sessionId: 'ses_a',
  deviceName: null,
  since: at,
  lastUsedAt: at,
  endsAt: at,
}
const ended = (reason: SessionEndReason, endedAt: number | null): Finding => ({
  topic: 'session',
  code: 'ended',
  sessionId: 'ses_a',
  deviceName: null,
  since: at,
  reason,
  at: endedAt === null ? null : unixSeconds(endedAt),
  by: null,
})

const answers = (...findings: Finding[]) => answersOf(findings, unixMs(T * 1000), en)
const say = (...findings: Finding[]) => findings.map((finding) => sentenceOf(en, finding))
const { nothingSent, askAgain, noneAlive, noneEnded, onPurpose, advice, lastEnded } = en.answers

describe('works', () => {
  it('“It says I am not approved”: every finding about the approval, and only those that deny are a problem', () => {
    const denied = answers(asked, absent, requested).notApproved
    expect(denied).toEqual({ problem: true, sentences: say(absent, requested), besides: [] })
    const allowed = answers(approved, requested, asked).notApproved
    expect(allowed).toEqual({ problem: false, sentences: say(approved, requested), besides: [] })
  })

  it.each<[string, Finding[], boolean, unknown[]]>([
    ['not approved', [absent, never, spent], true, [nothingSent, ...say(absent)]],
    [
      'not sent',
      [approved, asked, notSent('send_failed'), spent],
      true,
      say(notSent('send_failed'), asked),
    ],
    [
      'approved since',
      [approved, asked, notSent('not_approved')],
      true,
      [...say(notSent('not_approved'), asked), askAgain],
    ],
    ['all messages used', [approved, asked, sent, spent, link], true, say(spent, asked)],
    ['never asked', [approved, never], true, say(never)],
    ['not asked lately', [approved, gone], true, say(gone)],
    ['sent', [approved, link, asked, sent], false, say(sent, asked, link)],
  ])('“No email came”: the first reason that holds: %s', (_, findings, problem, sentences) => {
    expect(answers(...findings).noMail).toEqual({ problem, sentences, besides: [] })
  })

  it('“I am signed out every day”: nothing ended in the last 14 days', () => {
    const old = ended('idle', T - FORTNIGHT - 1)
    const quiet = answers(alive, old).thrownOut
    expect(quiet).toEqual({ problem: false, sentences: [noneEnded], besides: say(alive) })
    expect(answers(old).thrownOut.besides).toEqual([noneAlive])
  })

  it('“I am signed out every day”: on purpose', () => {
    const out = answers(ended('signed_out', T - FORTNIGHT)).thrownOut
    const reasons = [[1, en.ended.signed_out]] as const
    expect(out).toEqual({
      problem: false,
      sentences: [onPurpose, en.answers.ended(1, reasons), lastEnded(unixSeconds(T - FORTNIGHT))],
      besides: [noneAlive],
    })
  })

  it('“I am signed out every day”: the most frequent reason first, with advice, and when the last one ended', () => {
    const out = answers(
      ended('reuse', T - 5),
      ended('idle', T - 40),
      ended('idle', null),
      alive,
    ).thrownOut
    const reasons = [
      [2, en.ended.idle],
      [1, en.ended.reuse],
    ] as const
    expect(out).toEqual({
      problem: true,
      sentences: [
        en.answers.ended(3, reasons),
        lastEnded(unixSeconds(T - 5)),
        advice.idle,
        advice.reuse,
      ],
      besides: say(alive),
    })
  })

  it('“I am signed out every day”: says no time that the rows do not have', () => {
    const out = answers(ended('reuse', null)).thrownOut
    const reasons = [[1, en.ended.reuse]] as const
    expect(out.sentences).toEqual([en.answers.ended(1, reasons), advice.reuse])
  })
})
