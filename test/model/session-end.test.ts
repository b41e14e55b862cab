import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../src/base/config.ts'
import { unixMs, unixSeconds } from '../../src/base/time.ts'
import type { AddressRow } from '../../src/model/address.ts'
import { isApproved, type ApprovalRow } from '../../src/model/approval.ts'
import { standingOfAddress } from '../../src/model/approval-standing.ts'
import { judgeSession } from '../../src/model/live-session.ts'
import { endOfSession } from '../../src/model/session-end.ts'
import type { EndReason, SessionRow } from '../../src/model/session.ts'

const T = 1_800_000_000
const CONFIG = { SESSION_IDLE_SECONDS: 1000, COMPANY_DOMAINS: ['company.example'] } as Config
const SESSION: SessionRow = {
  tokenId: 'ses_a',
  tokenType: 'session',
  email: 'ada@company.example',
  userId: 'usr_a',
  deviceId: 'dev_a',
  deviceKey: 'key_a',
  createdAt: unixSeconds(T),
  openedAtMs: unixMs(T * 1000),
  expiresAt: unixSeconds(T + 5000),
  used: true,
  usedAt: unixSeconds(T),
  generation: 0,
  sessionJWT: 'sealed',
  metadata: { sourceFlow: 'email', lastUsedAt: unixSeconds(T), ipAddress: '', userAgent: '' },
}
const ADDRESS = {
  tokenId: 'adr_a',
  tokenType: 'address',
  userId: 'usr_a',
  createdAt: unixSeconds(T),
  expiresAt: null,
} as AddressRow

const at = (seconds: number) => unixMs((T + seconds) * 1000)
const endAt = (
  seconds: number,
  more: Partial<SessionRow> = {},
  address: Partial<AddressRow> | undefined = {},
  approval?: ApprovalRow,
) =>
  endOfSession(
    CONFIG,
    { ...SESSION, ...more },
    address && { ...ADDRESS, ...address },
    approval,
    at(seconds),
  )

const time = fc.option(fc.integer({ min: T - 10, max: T + 6000 }), { nil: undefined })
const arbitrary = fc.record({
  now: fc.integer({ min: T, max: T + 7000 }),
  company: fc.boolean(),
  lastUsed: fc.integer({ min: T, max: T + 4999 }),
  revokedAt: time,
  reason: fc.constantFrom<EndReason>('signed_out', 'signed_out_everywhere', 'ended_by_company'),
  gone: fc.boolean(),
  notBefore: time,
  keep: fc.boolean(),
  device: time,
  approved: fc.option(fc.record({ expiresAt: time, revokedAt: time }), { nil: undefined }),
})

describe('works', () => {
  it('finds an end exactly if the session is not live', () => {
    fc.assert(
      fc.property(arbitrary, (given) => {
        const email = given.company ? SESSION.email : 'ada@guest.example'
        const session = {
          ...SESSION,
          email,
          metadata: { ...SESSION.metadata, lastUsedAt: unixSeconds(given.lastUsed) },
          ...(given.revokedAt === undefined
            ? {}
            : { revokedAt: unixSeconds(given.revokedAt), revokedReason: given.reason }),
        } as SessionRow
        const address = {
          ...ADDRESS,
          userId: given.gone ? 'usr_b' : 'usr_a',
          ...(given.notBefore === undefined ? {} : { sessionsNotBefore: given.notBefore * 1000 }),
          ...(given.keep ? { keepSessionId: 'ses_a' } : {}),
          devices: given.device === undefined ? {} : { key_a: given.device * 1000 },
        } as AddressRow
        const approval = given.approved && ({ email, ...given.approved } as ApprovalRow)
        const nowMs = unixMs(given.now * 1000)
        const end = endOfSession(CONFIG, session, address, approval, nowMs)
        const verdict = judgeSession(CONFIG, { session, address, approval }, session, nowMs)
        expect(end === null).toBe(verdict.ok)
        const standing = standingOfAddress(CONFIG, email, approval, unixSeconds(given.now))
        expect(standing.approved).toBe(isApproved(CONFIG, email, approval, unixSeconds(given.now)))
      }),
      { numRuns: 2000 },
    )
  })

  it('names the earliest cause', () => {
    expect(endAt(999)).toBeNull()
    expect(endAt(1000)).toMatchObject({ reason: 'idle', at: T + 1000 })
    expect(endAt(9000)).toMatchObject({ reason: 'idle', at: T + 1000 })
    expect(endAt(9000, {}, { devices: { key_a: at(10) } })).toMatchObject({
      reason: 'replaced',
      at: T + 10,
    })
    const used = { metadata: { ...SESSION.metadata, lastUsedAt: unixSeconds(T + 4900) } }
    expect(endAt(5000, used)).toMatchObject({ reason: 'expired', at: T + 5000 })
    const revoked = { revokedAt: unixSeconds(T + 20), revokedReason: 'reuse', revokedBy: 'system' }
    expect(endAt(9000, revoked as Partial<SessionRow>)).toEqual({
      reason: 'reuse',
      at: T + 20,
      by: 'system',
    })
  })

  it('says who ended the session, once an administrator’s action has marked its row', () => {
    const address = { sessionsNotBefore: at(5) }
    expect(endAt(9, {}, address)).toMatchObject({ reason: 'signed_out_everywhere', at: T + 5 })
    const marked = {
      revokedAt: unixSeconds(T + 6),
      revokedBy: 'usr_admin',
      revokedReason: 'ended_by_company',
    } as const
    expect(endAt(9, marked, address)).toMatchObject({ reason: 'ended_by_company', by: 'usr_admin' })
  })

  it('distinguishes an approval that was withdrawn, one that has expired, and none', () => {
    const guest = { email: 'ada@guest.example' }
    const approval = (more: Partial<ApprovalRow>) => ({ ...guest, ...more })
    expect(endAt(1, guest)).toMatchObject({ reason: 'approval_none', at: null })
    expect(endAt(9, guest, {}, approval({ expiresAt: unixSeconds(T + 9) }))).toMatchObject({
      reason: 'approval_ended',
      at: T + 9,
    })
    const withdrawn = approval({ revokedAt: unixSeconds(T + 3), revokedBy: 'boss@company.example' })
    expect(endAt(9, guest, {}, withdrawn)).toEqual({
      reason: 'approval_withdrawn',
      at: T + 3,
      by: 'boss@company.example',
    })
    expect(endAt(1, {}, { userId: 'usr_b' })).toMatchObject({ reason: 'identity_gone' })
  })
})
