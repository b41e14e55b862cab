import { describe, expect, it } from 'vitest'
import { unixMs, unixSeconds } from '../../../src/base/time.ts'
import type { ConsoleConfig } from '../../../src/console/config.ts'
import type { PersonRows } from '../../../src/console/person.ts'
import { LOCALES, type Locale } from '../../../src/base/locale.ts'
import { answersOf, type Answer } from '../../../src/console/why/answers.ts'
import { findingsOf } from '../../../src/console/why/findings.ts'
import { FINDING_CODES, sentenceOf } from '../../../src/console/why/sentences.ts'
import { plain } from '../../../src/console/why/text.ts'
import { whyWords } from '../../../src/console/why/words.ts'
import type { AccessRequestRow } from '../../../src/model/access-request.ts'
import type { AddressRow } from '../../../src/model/address.ts'
import type { ApprovalRow } from '../../../src/model/approval.ts'
import { putLink, type LinkRow, type NotSent } from '../../../src/model/link.ts'
import type { SessionEndReason } from '../../../src/model/session-end.ts'
import type { SessionRow } from '../../../src/model/session.ts'

const T = 1_800_000_000
const NOW = unixMs(T * 1000)
const CONFIG = {
  COMPANY_DOMAINS: ['company.example'],
  SESSION_IDLE_SECONDS: 1_209_600,
  SESSION_TTL_SECONDS: 2_592_000,
  MAIL_FROM: 'Latchkey <sign-in@company.example>',
} as ConsoleConfig
const GUEST = 'ada@guest.example'
const MINUTE = 60
const DAY = 86_400

const address = (more: object = {}): AddressRow => ({
  tokenId: 'adr_a',
  tokenType: 'address',
  userId: 'usr_a',
  createdAt: unixSeconds(T - DAY),
  expiresAt: null,
  lastingExpiresAt: null,
  ...more,
})
const approval = (more: Partial<ApprovalRow> = {}): ApprovalRow => ({
  email: GUEST,
  approvedBy: 'boss@company.example',
  approvedAt: unixSeconds(T - DAY),
  expiresAt: null,
  ...more,
})
const link = (more: Partial<LinkRow> = {}): LinkRow => ({
  tokenId: 'tok_ml_a',
  tokenType: 'magic_link',
  email: GUEST,
  userId: 'usr_a',
  deviceId: null,
  createdAt: unixSeconds(T - 5 * MINUTE),
  expiresAt: unixSeconds(T + 10 * MINUTE),
  used: false,
  usedAt: null,
  sessionJWT: null,
  codeChallenge: 'challenge',
  attempts: 0,
  metadata: { sourceFlow: 'email', ipAddress: '192.0.2.1', userAgent: '' },
  ...more,
})
/** What a link's row is made of. */
const LINK = {
  linkId: 'tok_ml_a',
  createdAtMs: NOW,
  flow: 'email',
  userId: 'usr_a',
  email: GUEST,
  codeChallenge: 'challenge',
  keyId: 1,
} as const
let sessions = 0
const session = (more: Partial<SessionRow> = {}): SessionRow => ({
  tokenId: `ses_${++sessions}`,
  tokenType: 'session',
  email: GUEST,
  userId: 'usr_a',
  deviceId: 'dev_a',
  deviceKey: 'key_a',
  createdAt: unixSeconds(T - DAY),
  openedAtMs: unixMs((T - DAY) * 1000),
  expiresAt: unixSeconds(T + 29 * DAY),
  used: true,
  usedAt: unixSeconds(T - DAY),
  generation: 3,
  sessionJWT: 'sealed',
  metadata: { sourceFlow: 'email', lastUsedAt: unixSeconds(T - 60), ipAddress: '', userAgent: '' },
  ...more,
})
const request = (more: Partial<AccessRequestRow> = {}): AccessRequestRow => ({
  tokenId: 'req_a',
  tokenType: 'access_request',
  email: GUEST,
  createdAt: unixSeconds(T - DAY),
  askedAt: unixSeconds(T - 60),
  expiresAt: unixSeconds(T + 13 * DAY),
  asks: 2,
  lastLinkId: 'tok_ml_a',
  sealedLink: 'sealed',
  metadata: { sourceFlow: 'email', ipAddress: '192.0.2.1', userAgent: '' },
  ...more,
})

const rowsOf = (more: Partial<PersonRows> = {}): PersonRows => ({
  email: GUEST,
  address: undefined,
  mailbox: more.address,
  approval: undefined,
  request: undefined,
  links: [],
  sessions: [],
  audit: [],
  ...more,
})

const look = (more: Partial<PersonRows> = {}, locale: Locale = 'en') => {
  const say = whyWords[locale]
  const findings = findingsOf(CONFIG, rowsOf(more), NOW)
  const { notApproved, noMail, thrownOut } = answersOf(findings, NOW, say)
  const spoken = ({ problem, sentences, besides }: Answer) => ({
    problem,
    sentence: [...sentences, ...besides].map(plain).join(say.between),
  })
  return {
    codes: findings.map(({ code }) => code),
    text: findings.map((finding) => plain(sentenceOf(say, finding))).join('\n'),
    answers: {
      notApproved: spoken(notApproved),
      noMail: spoken(noMail),
      thrownOut: spoken(thrownOut),
    },
  }
}

const revoked = (reason: SessionRow['revokedReason'], by = 'usr_a'): SessionRow =>
  session({ revokedAt: unixSeconds(T - 60), revokedBy: by, revokedReason: reason! })

const takes = (slot: string, count: number, ageSeconds: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${slot}${i + 1}`, (T - ageSeconds - i) * 1000]),
  )

const spent = address(takes('sentAt', 5, 10 * MINUTE))
const SCENES: Record<string, Partial<PersonRows>> = {
  'nothing at all': {},
  'a company address': { email: 'ada@company.example' },
  'a company address that was shut out': {
    email: 'ada@company.example',
    approval: approval({ email: 'ada@company.example', revokedAt: unixSeconds(T - 1) }),
  },
  'a tag of a company address': { email: 'ada+x@company.example' },
  'an approved guest': { approval: approval(), address: address(), links: [link()] },
  'an approval that ended': { approval: approval({ expiresAt: unixSeconds(T) }) },
  'a withdrawn approval': {
    approval: approval({ revokedAt: unixSeconds(T - 9), revokedBy: 'x@company.example' }),
  },
  'a request that waits': { request: request(), address: address({ lastingExpiresAt: undefined }) },
  'a request that was declined': {
    request: request({ decided: 'declined', decidedAt: unixSeconds(T - 5) }),
  },
  'a message that was not sent': { address: address(), links: [link({ delivery: 5 })] },
  'a mailbox that refused an email': {
    approval: approval(),
    address: address({ mailRefusedAt: unixSeconds(T - DAY), mailRefusedFor: 'bounce' }),
    links: [link({ delivery: 6 })],
  },
  'a budget that is spent': { address: spent, mailbox: spent, approval: approval() },
  'a message a moment ago': { address: address(takes('sentAt', 1, 5)) },
  'codes that are shut': {
    address: address(takes('codeTriedAt', 10, 60)),
    links: [link({ attempts: 5 })],
  },
  'a session that is alive': { approval: approval(), address: address(), sessions: [session()] },
  'a session that ended': {
    approval: approval(),
    address: address(),
    sessions: [revoked('signed_out')],
  },
}

describe('works', () => {
  it('has a scene for every finding, and a sentence for each that a person can read', () => {
    const seen = new Set<string>()
    for (const [scene, rows] of Object.entries(SCENES)) {
      const { codes, text, answers } = look(rows)
      for (const code of codes) seen.add(code)
      const sentences = [text, ...Object.values(answers).map(({ sentence }) => sentence)]
      for (const said of sentences) {
        expect(said, scene).toMatch(/^[A-Z0-9].*\.$/s)
        expect(said, scene).not.toMatch(/undefined|null|NaN|Invalid|\[object| {2}|\.\./)
      }
    }
    expect([...seen].toSorted()).toEqual(FINDING_CODES.toSorted())
  })

  it.each(LOCALES)('says all of it in %s, and in no other language', (locale) => {
    for (const [scene, rows] of Object.entries(SCENES)) {
      const { text, answers } = look(rows, locale)
      for (const said of [text, ...Object.values(answers).map(({ sentence }) => sentence)]) {
        expect(said, scene).toMatch(/[.。]$/)
        expect(said, scene).not.toMatch(/undefined|null|NaN|Invalid|\[object| {2}|\.\.| [.,。]/)
      }
    }
    const texts = (of: Locale) => {
      const { notSent, ended, answers } = whyWords[of]
      return [...Object.values(notSent), ...Object.values(ended), ...Object.values(answers.advice)]
    }
    const others = LOCALES.filter((other) => other !== locale).flatMap(texts)
    expect(texts(locale).filter((said) => others.includes(said))).toEqual([])
  })

  const states: [string, Partial<LinkRow>, object, RegExp][] = [
    ['waiting', {}, {}, /works until/],
    ['used', { used: true, usedAt: unixSeconds(T - 9), deviceId: 'dev_a' }, {}, /was used on/],
    ['expired', { expiresAt: unixSeconds(T) }, {}, /expired on .* never used/],
    ['superseded', {}, { linksNotBefore: NOW }, /later sign-in/],
    ['identity_gone', {}, { userId: 'usr_b' }, /was erased/],
  ]
  it.each(states)('says of the last link that it is %s', (state, row, more, sentence) => {
    const rows = { address: address(more), links: [link(row)], approval: approval() }
    const findings = findingsOf(CONFIG, rowsOf(rows), NOW)
    expect(findings).toContainEqual(expect.objectContaining({ code: 'link', state }))
    expect(look(rows).text).toMatch(sentence)
  })

  it('counts a code try of another Worker whose clock is ahead as one try', () => {
    const tried = address({ codeTriedAt1: T * 1000 + 200, codeTriedId: 'try_a' })
    const findings = findingsOf(CONFIG, rowsOf({ address: tried }), NOW)
    expect(findings).toContainEqual({ topic: 'code', code: 'codes_left', left: 9, size: 10 })
  })

  it('looks at the newest link', () => {
    const old = link({ createdAt: unixSeconds(T - 900), delivery: 1 })
    const { codes } = look({ address: address(), approval: approval(), links: [old, link()] })
    expect(codes).toContain('sent')
  })

  it.each(Object.keys(whyWords.en.notSent) as NotSent[])(
    'says that %s kept a message back',
    (notSent) => {
      const put = putLink(CONFIG, LINK, { caller: { ipAddress: '', userAgent: '' }, notSent })
      const { delivery } = put.Put.Item
      const { text, answers } = look({
        approval: approval(),
        links: [link({ delivery: delivery! })],
      })
      expect(text).toContain(whyWords.en.notSent[notSent])
      expect(answers.noMail).toMatchObject({ problem: true })
      // Nothing on the page may sound as if a message or its link were there.
      for (const said of [text, answers.noMail.sentence]) {
        expect(said).not.toMatch(/has not been used|works until|A message was sent/)
      }
    },
  )

  it('says a minute after an ask that a link was requested, since perhaps no message was sent', () => {
    const asked = address(takes('sentAt', 1, 5))
    const rows = { address: asked, mailbox: asked, links: [link({ delivery: 1 })] }
    expect(look(rows).text).toContain('A link was requested within the last minute.')
  })

  it('names no user id as the one who ended a session, since it tells a reader nothing', () => {
    const { text } = look({ address: address(), sessions: [revoked('signed_out')] })
    expect(text).toMatch(/ended on [^:]+:\d\d UTC: the person signed out\./)
    expect(look({ sessions: [revoked('ended_by_company', 'client:crm')] }).text).toContain(
      'by client:crm: the company ended it',
    )
  })

  const gone = address({ userId: 'usr_b' })
  const ends: Record<SessionEndReason, Partial<PersonRows>> = {
    signed_out: { sessions: [revoked('signed_out')] },
    signed_out_everywhere: { sessions: [revoked('signed_out_everywhere')] },
    ended_by_company: { sessions: [revoked('ended_by_company', 'usr_admin')] },
    reuse: { sessions: [revoked('reuse', 'system')] },
    replaced: { address: address({ devices: { key_a: NOW } }), sessions: [session()] },
    identity_gone: { address: gone, sessions: [session()] },
    expired: { sessions: [session({ expiresAt: unixSeconds(T - 1) })] },
    idle: {
      sessions: [
        session({
          metadata: { ...session().metadata, lastUsedAt: unixSeconds(T - 14 * DAY) },
        }),
      ],
    },
    approval_none: { approval: undefined, sessions: [session()] },
    approval_ended: {
      approval: approval({ expiresAt: unixSeconds(T - 1) }),
      sessions: [session()],
    },
    approval_withdrawn: {
      approval: approval({ revokedAt: unixSeconds(T - 1) }),
      sessions: [session()],
    },
  }
  it.each(Object.entries(ends))('says that a session ended by %s', (reason, rows) => {
    const { text, answers } = look({ address: address(), approval: approval(), ...rows })
    expect(text).toContain(whyWords.en.ended[reason as SessionEndReason])
    expect(answers.thrownOut.sentence).toContain('1 session ended in the last 14 days: ')
  })
})

describe('answers in one look', () => {
  it('“It says I am not approved”', () => {
    expect(look().answers.notApproved).toEqual({
      problem: true,
      sentence: 'Not approved: nobody has approved this address.',
    })
    expect(look({ approval: approval() }).answers.notApproved).toMatchObject({ problem: false })
    const tagged = look({ email: 'ada+x@company.example' }).answers.notApproved
    expect(tagged.sentence).toContain('needs its own approval')
    const waits = look({ request: request() }).answers.notApproved
    expect(waits.sentence).toContain('requested access 2 times')
  })

  it('“No email came”: the first cause, and not what follows from it', () => {
    const ok = { approval: approval(), address: address() }
    expect(look({ links: [link({ delivery: 1 })] }).answers.noMail.sentence).toMatch(
      /^No message is sent to this address\. Not approved/,
    )
    const since = look({ ...ok, links: [link({ delivery: 1 })] }).answers.noMail
    expect(since.sentence).toMatch(/It may sign in now. Request a new link\.$/)
    expect(look({ ...ok, links: [link()] }).answers.noMail).toMatchObject({
      problem: false,
      sentence: expect.stringContaining('spam folder'),
    })
    expect(look({ ...ok, address: spent, mailbox: spent }).answers.noMail.sentence).toContain(
      'All 5 messages allowed per hour are used',
    )
    expect(look({ approval: approval() }).answers.noMail.sentence).toContain(
      'The app has not asked for a link',
    )
  })

  it('“I am signed out every day”: what ended most sessions lately, and what to look at', () => {
    const devices = { key_a: NOW }
    const old = Array.from({ length: 5 }, (_, i) =>
      session({ openedAtMs: unixMs((T - (i + 1) * DAY) * 1000) }),
    )
    const rows = { approval: approval(), address: address({ devices }), sessions: old }
    const { thrownOut } = look(rows).answers
    expect(thrownOut.problem).toBe(true)
    expect(thrownOut.sentence).toMatch(
      /^5 sessions ended in the last 14 days: 5 because the same device/,
    )
    expect(thrownOut.sentence).toContain('keeps its storage')
    const fine = look({ approval: approval(), address: address(), sessions: [session()] }).answers
    expect(fine.thrownOut).toMatchObject({ problem: false })
    const bySelf = look({ ...rows, address: address(), sessions: [revoked('signed_out')] }).answers
    expect(bySelf.thrownOut.problem).toBe(false)
    expect(bySelf.thrownOut.sentence).toMatch(
      /^Nothing is wrong.* 1 session ended .*: the person signed out\./,
    )
    expect(bySelf.thrownOut.sentence).not.toContain('because')
  })
})
