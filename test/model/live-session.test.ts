import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../src/base/config.ts'
import { unixMs, unixSeconds } from '../../src/base/time.ts'
import type { AddressRow } from '../../src/model/address.ts'
import type { ApprovalRow } from '../../src/model/approval.ts'
import { judgeSession, type SessionRows } from '../../src/model/live-session.ts'
import type { SessionRow } from '../../src/model/session.ts'

const CONFIG = { SESSION_IDLE_SECONDS: 1000, COMPANY_DOMAINS: ['company.test'] } as Config
const T = 1_800_000_000
const OPENED = unixMs(T * 1000)
const SESSION = {
  tokenId: 'ses_a',
  tokenType: 'session',
  email: 'ada@company.test',
  userId: 'usr_a',
  deviceId: 'dev_a',
  deviceKey: 'key_of_dev_a',
  createdAt: unixSeconds(T),
  openedAtMs: OPENED,
  expiresAt: unixSeconds(T + 5000),
  used: true,
  usedAt: unixSeconds(T),
  generation: 0,
  sessionJWT: 'sealed',
  metadata: { sourceFlow: 'email', lastUsedAt: unixSeconds(T), ipAddress: '', userAgent: '' },
} satisfies SessionRow
const GUEST = { ...SESSION, email: 'ada@guest.test' }
const address = (more: Partial<AddressRow> = {}): AddressRow => ({
  tokenId: 'adr_a',
  tokenType: 'address',
  userId: 'usr_a',
  createdAt: unixSeconds(T),
  expiresAt: null,
  ...more,
})

type Rows = Partial<SessionRows> & { named?: { userId: string; email: string } }

const judged = ({ named, ...rows }: Rows, nowMs = T * 1000) => {
  const all = { session: SESSION as SessionRow, address: address(), approval: undefined, ...rows }
  const token = named ?? { userId: 'usr_a', email: all.session?.email ?? SESSION.email }
  const verdict = judgeSession(CONFIG, all, token, unixMs(nowMs))
  return verdict.ok ? 'lives' : verdict.reason
}

describe('works', () => {
  it('keeps a new session of a company address live without an approval row', () => {
    expect(judged({})).toBe('lives')
  })

  it('T22: keeps a session live until the last millisecond of its idle and absolute timeout', () => {
    const metadata = { ...SESSION.metadata, lastUsedAt: unixSeconds(T + 4500) }
    const used = { ...SESSION, metadata }
    expect(judged({}, (T + 1000) * 1000 - 1)).toBe('lives')
    expect(judged({}, (T + 1000) * 1000)).toBe('idle')
    expect(judged({ session: used }, (T + 5000) * 1000 - 1)).toBe('lives')
    expect(judged({ session: used }, (T + 5000) * 1000)).toBe('expired')
  })

  it('T21: keeps live a session opened after a sign-out everywhere, and the one that was kept', () => {
    const until = (sessionsNotBefore: number, keepSessionId?: string) =>
      judged({
        address: address({
          sessionsNotBefore: unixMs(sessionsNotBefore),
          ...(keepSessionId && { keepSessionId }),
        }),
      })
    expect(until(OPENED - 1)).toBe('lives')
    expect(until(OPENED)).toBe('revoked')
    expect(until(OPENED, 'ses_a')).toBe('lives')
    expect(until(OPENED, 'ses_b')).toBe('revoked')
    expect(judged({ address: address({ keepSessionId: 'ses_b' }) })).toBe('lives')
  })

  it('keeps a session live until a later sign-in on its device, whatever other devices do', () => {
    const later = unixMs(OPENED + 1)
    expect(judged({ address: address({ devices: { key_of_dev_a: OPENED } }) })).toBe('lives')
    expect(judged({ address: address({ devices: { key_of_dev_b: later } }) })).toBe('lives')
    expect(judged({ address: address({ devices: { key_of_dev_a: later } }) })).toBe('revoked')
  })

  it.each<[string, ApprovalRow | undefined, string, string]>([
    ['no row', undefined, 'lives', 'not_approved'],
    ['an open end', { email: '', expiresAt: null }, 'lives', 'lives'],
    ['no end', { email: '' }, 'lives', 'lives'],
    ['an end to come', { email: '', expiresAt: unixSeconds(T + 1) }, 'lives', 'lives'],
    ['an end just now', { email: '', expiresAt: unixSeconds(T) }, 'lives', 'not_approved'],
    ['a withdrawal', { email: '', revokedAt: unixSeconds(T - 1) }, 'not_approved', 'not_approved'],
    [
      'a withdrawal to come',
      { email: '', revokedAt: unixSeconds(T + 99) },
      'not_approved',
      'not_approved',
    ],
    ['a withdrawal taken back', { email: '', revokedAt: null }, 'lives', 'lives'],
  ])('T16: with %s, decides for a colleague and a guest', (_, approval, colleague, guest) => {
    expect(judged({ approval })).toBe(colleague)
    expect(judged({ approval, session: GUEST })).toBe(guest)
  })
})

describe('refuses', () => {
  it('T15: a missing row, and a row that is not a session', () => {
    expect(judged({ session: undefined })).toBe('unknown')
    for (const tokenType of ['magic_link', 'address', undefined]) {
      const session = { ...SESSION, tokenType } as unknown as SessionRow
      expect(judged({ session })).toBe('unknown')
    }
  })

  it('T15: a row of another person or another address than the token names', () => {
    const { userId, email } = SESSION
    expect(judged({ named: { userId, email } })).toBe('lives')
    expect(judged({ named: { userId: 'usr_b', email } })).toBe('unknown')
    expect(judged({ named: { userId, email: 'bob@company.test' } })).toBe('unknown')
  })

  it('a session whose address has no user id, no row, or another user id', () => {
    const { userId: _, ...nobodys } = address()
    for (const row of [undefined, nobodys, address({ userId: 'usr_b' })]) {
      expect(judged({ address: row })).toBe('unknown')
    }
  })

  it('T21: a session that has ended according to its own row, even if everything else is valid', () => {
    for (const revokedAt of [0, T - 1, T, T + 1]) {
      expect(judged({ session: { ...SESSION, revokedAt: unixSeconds(revokedAt) } })).toBe('revoked')
    }
  })
})

describe('withstands', () => {
  it('T24: any later time, sign-out everywhere or sign-in: an ended session stays ended', () => {
    const time = fc.integer({ min: (T - 100) * 1000, max: (T + 10_000) * 1000 }).map(unixMs)
    fc.assert(
      fc.property(
        fc.tuple(time, time, time, time),
        time,
        fc.boolean(),
        ([a, b, c, d], later, keeps) => {
          const [until, untilLater] = a < b ? [a, b] : [b, a]
          const [last, lastLater] = c < d ? [c, d] : [d, c]
          const before = address({
            sessionsNotBefore: until,
            devices: { key_of_dev_a: last },
          })
          const then = address({
            sessionsNotBefore: untilLater,
            devices: { key_of_dev_a: lastLater },
            ...(keeps ? { keepSessionId: 'ses_other' } : {}),
          })
          if (judged({ address: before }) === 'lives') return
          expect(judged({ address: then }, later)).not.toBe('lives')
        },
      ),
    )
  })

  it('T22: any later time: a session that has expired stays expired', () => {
    const time = fc.integer({ min: 0, max: 20_000 })
    fc.assert(
      fc.property(time, time, time, (lastUsed, at, more) => {
        const metadata = { ...SESSION.metadata, lastUsedAt: unixSeconds(T + lastUsed) }
        const session = { ...SESSION, metadata }
        const verdict = judged({ session }, (T + at) * 1000)
        if (verdict === 'lives') return
        expect(judged({ session }, (T + at + more) * 1000)).not.toBe('lives')
      }),
    )
  })
})
