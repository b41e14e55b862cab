import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ApprovalRow } from '../../src/model/approval.ts'
import type { Config } from '../../src/base/config.ts'
import { endedWithAll, judgeSession, type SessionRows } from '../../src/model/judge.ts'
import type { SessionRow } from '../../src/model/session.ts'
import type { UserRow } from '../../src/model/address.ts'

const CONFIG = { SESSION_IDLE_SECONDS: 1000, COMPANY_DOMAINS: ['company.example'] } as Config
const T = 1_800_000_000
const SESSION = {
  tokenId: 'ses_a',
  tokenType: 'session',
  email: 'ada@company.example',
  userId: 'usr_a',
  deviceId: 'dev_a',
  createdAt: T,
  openedAtMs: T * 1000,
  expiresAt: T + 5000,
  generation: 0,
  sessionJWT: 'sealed',
  metadata: { sourceFlow: 'email', lastUsedAt: T, ipAddress: '', userAgent: '' },
} satisfies SessionRow
const GUEST = { ...SESSION, email: 'ada@guest.example' }
const user = (more: Partial<UserRow>): UserRow => ({
  tokenId: 'usr_a',
  tokenType: 'user',
  userId: 'usr_a',
  ...more,
})

const judged = (rows: Partial<SessionRows>, nowMs = T * 1000) => {
  const all = { session: SESSION as SessionRow, user: undefined, approval: undefined, ...rows }
  const verdict = judgeSession(CONFIG, all, nowMs)
  return verdict.ok ? 'lives' : verdict.reason
}

describe('works', () => {
  it('a fresh session of the company lives without further rows', () => {
    expect(judged({})).toBe('lives')
  })

  it('T22: lives to the last millisecond of its idle and of its absolute time', () => {
    const used = { ...SESSION, metadata: { ...SESSION.metadata, lastUsedAt: T + 4500 } }
    expect(judged({}, (T + 1000) * 1000 - 1)).toBe('lives')
    expect(judged({}, (T + 1000) * 1000)).toBe('idle')
    expect(judged({ session: used }, (T + 5000) * 1000 - 1)).toBe('lives')
    expect(judged({ session: used }, (T + 5000) * 1000)).toBe('expired')
  })

  it('T21: one opened after the person signed out everywhere lives, and the one that was kept', () => {
    const at = SESSION.openedAtMs
    expect(judged({ user: user({ sessionsNotBefore: at - 1 }) })).toBe('lives')
    expect(judged({ user: user({ sessionsNotBefore: at }) })).toBe('revoked')
    expect(judged({ user: user({ sessionsNotBefore: at, keepSessionId: 'ses_a' }) })).toBe('lives')
    expect(judged({ user: user({ sessionsNotBefore: at, keepSessionId: 'ses_b' }) })).toBe(
      'revoked',
    )
    expect(judged({ user: user({ keepSessionId: 'ses_b' }) })).toBe('lives')
  })

  it.each<[string, ApprovalRow | undefined, string, string]>([
    ['no row', undefined, 'lives', 'not_approved'],
    ['an open end', { email: '', expiresAt: null }, 'lives', 'lives'],
    ['no end', { email: '' }, 'lives', 'lives'],
    ['an end to come', { email: '', expiresAt: T + 1 }, 'lives', 'lives'],
    ['an end just now', { email: '', expiresAt: T }, 'lives', 'not_approved'],
    ['a withdrawal', { email: '', revokedAt: T - 1 }, 'not_approved', 'not_approved'],
    ['a withdrawal to come', { email: '', revokedAt: T + 99 }, 'not_approved', 'not_approved'],
    ['a withdrawal taken back', { email: '', revokedAt: null }, 'lives', 'lives'],
  ])('T16: with %s, a colleague and a guest', (_, approval, colleague, guest) => {
    expect(judged({ approval })).toBe(colleague)
    expect(judged({ approval, session: GUEST })).toBe(guest)
  })
})

describe('refuses', () => {
  it('T15: no row, and a row that is no session', () => {
    expect(judged({ session: undefined })).toBe('unknown')
    for (const tokenType of ['magic_link', 'user', undefined]) {
      expect(judged({ session: { ...SESSION, tokenType } as SessionRow })).toBe('unknown')
    }
    const { openedAtMs: _, ...foreign } = SESSION
    expect(judged({ session: foreign as SessionRow })).toBe('unknown')
  })

  it('T21: a session that its own row says has ended, whatever else is well', () => {
    for (const revokedAt of [0, T - 1, T, T + 1]) {
      expect(judged({ session: { ...SESSION, revokedAt } })).toBe('revoked')
    }
  })
})

describe('withstands', () => {
  it('T24: once ended, always ended: no later moment and no later sign-out everywhere revives a session', () => {
    const time = fc.integer({ min: (T - 100) * 1000, max: (T + 10_000) * 1000 })
    fc.assert(
      fc.property(time, time, time, fc.boolean(), (first, second, later, keeps) => {
        const [earlier, after] = [Math.min(first, second), Math.max(first, second)]
        const before = user({ sessionsNotBefore: earlier })
        const then = user({
          sessionsNotBefore: after,
          ...(keeps ? { keepSessionId: 'ses_other' } : {}),
        })
        if (!endedWithAll({ ...SESSION, sessionId: SESSION.tokenId }, before)) return
        expect(endedWithAll({ ...SESSION, sessionId: SESSION.tokenId }, then)).toBe(true)
        expect(judged({ user: then }, later)).not.toBe('lives')
      }),
    )
  })

  it('T22: whoever is refused for time is refused at every later time', () => {
    const time = fc.integer({ min: 0, max: 20_000 })
    fc.assert(
      fc.property(time, time, time, (lastUsed, at, more) => {
        const metadata = { ...SESSION.metadata, lastUsedAt: T + lastUsed }
        const session = { ...SESSION, metadata }
        const verdict = judged({ session }, (T + at) * 1000)
        if (verdict === 'lives') return
        expect(judged({ session }, (T + at + more) * 1000)).not.toBe('lives')
      }),
    )
  })
})
