import { describe, expect, it } from 'vitest'
import { unixSeconds } from '../../src/base/time.ts'
import type { ApprovalRow } from '../../src/model/approval.ts'
import {
  contentOf,
  endAfter,
  isDone,
  rowAfter,
  stateOf,
  tagOf,
  type ApprovalContent,
} from '../../src/model/approval-change.ts'

const NOW = unixSeconds(1_800_000_000)
const WEEK = 7 * 86_400
const later = (seconds: number) => unixSeconds(NOW + seconds)
const EMAIL = 'ada@guest.test'

const CONTENT: ApprovalContent = {
  company: 'Acme',
  reason: 'Pilot',
  notes: 'VP',
  expiresAt: later(99),
  phoneNumber: '+14155550100',
}
const ROW: ApprovalRow = {
  email: EMAIL,
  approvedBy: 'boss@a.test',
  approvedAt: NOW,
  expiresAt: later(99),
  phoneNumber: '+14155550100',
  metadata: { company: 'Acme', reason: 'Pilot', notes: 'VP', crmId: 7 },
  version: 3,
}
const WITHDRAWN: ApprovalRow = {
  ...ROW,
  revokedAt: NOW,
  revokedBy: 'boss@a.test',
  revokedReason: 'Left',
}
const BARE = { company: null, reason: null, notes: null, expiresAt: null, phoneNumber: null }

describe('works', () => {
  it.each<[string, Partial<ApprovalRow>]>([
    ['active', {}],
    ['active', { expiresAt: null }],
    ['active', { expiresAt: later(WEEK + 1) }],
    ['ending', { expiresAt: later(WEEK) }],
    ['ending', { expiresAt: later(1) }],
    ['ended', { expiresAt: NOW }],
    ['withdrawn', { expiresAt: NOW, revokedAt: NOW }],
  ])('knows to the second what is %s: %o', (state, row) => {
    expect(stateOf({ email: EMAIL, ...row }, NOW)).toBe(state)
  })

  it('reads the content of a row, whatever an operator typed there by hand', () => {
    expect(contentOf(ROW)).toEqual(CONTENT)
    expect(contentOf(undefined)).toEqual(BARE)
    const typed = [null, 'Acme', ['Acme'], { company: 7, notes: { a: 'b' } }, {}]
    for (const metadata of typed) {
      expect(contentOf({ email: EMAIL, metadata } as ApprovalRow)).toEqual(BARE)
    }
  })

  it('keeps the old end unless the change names another one', () => {
    expect(endAfter(ROW, { action: 'withdraw', reason: null })).toBe(ROW.expiresAt)
    expect(endAfter(ROW, { action: 'change', content: {} })).toBe(ROW.expiresAt)
    expect(endAfter(ROW, { action: 'change', content: { expiresAt: null } })).toBeNull()
    expect(endAfter(ROW, { action: 'restore' })).toBe(ROW.expiresAt)
    expect(endAfter(ROW, { action: 'restore', expiresAt: later(5) })).toBe(later(5))
    expect(endAfter(undefined, { action: 'restore' })).toBeNull()
  })

  it('approves: all of the content, and nothing of an earlier withdrawal', () => {
    const content = { ...CONTENT, phoneNumber: null, notes: null }
    const change = { action: 'approve', content } as const
    expect(rowAfter(EMAIL, WITHDRAWN, change, 'eve@a.test', later(1))).toEqual({
      email: EMAIL,
      approvedBy: 'eve@a.test',
      approvedAt: later(1),
      expiresAt: later(99),
      metadata: { company: 'Acme', reason: 'Pilot', crmId: 7 },
      version: 4,
    })
    expect(rowAfter(EMAIL, undefined, change, 'eve@a.test', later(1))).toMatchObject({ version: 1 })
  })

  it('changes only what the change names, also of a withdrawn row', () => {
    const change = { action: 'change', content: { notes: 'CFO', phoneNumber: null } } as const
    const { phoneNumber: _, ...rest } = WITHDRAWN
    expect(rowAfter(EMAIL, WITHDRAWN, change, 'eve@a.test', later(1))).toEqual({
      ...rest,
      metadata: { ...(ROW.metadata as object), notes: 'CFO' },
      version: 4,
    })
  })

  it('withdraws with or without a reason, and forgets the reason of the last time', () => {
    const by = { revokedAt: later(1), revokedBy: 'eve@a.test', version: 4 }
    const withdraw = (reason: string | null) =>
      rowAfter(EMAIL, WITHDRAWN, { action: 'withdraw', reason }, 'eve@a.test', later(1))
    expect(withdraw('Fraud')).toEqual({ ...ROW, ...by, revokedReason: 'Fraud' })
    expect(withdraw(null)).toEqual({ ...ROW, ...by })
  })

  it('restores a row with its old approver, or approves a company address that had no row', () => {
    const restore = { action: 'restore' } as const
    expect(rowAfter(EMAIL, WITHDRAWN, restore, 'eve@a.test', later(1))).toEqual({
      ...ROW,
      version: 4,
    })
    const shutOut = { email: EMAIL, revokedAt: NOW, revokedBy: 'eve@a.test', version: 1 }
    expect(rowAfter(EMAIL, shutOut, restore, 'eve@a.test', later(1))).toEqual({
      email: EMAIL,
      approvedBy: 'eve@a.test',
      approvedAt: later(1),
      expiresAt: null,
      version: 2,
    })
  })

  it('recognises a change that is already done by the same editor', () => {
    const by = 'boss@a.test'
    const approve = { action: 'approve', content: CONTENT } as const
    const withdraw = { action: 'withdraw', reason: 'Left' } as const
    expect(isDone(ROW, approve, by)).toBe(true)
    expect(isDone(ROW, approve, 'eve@a.test')).toBe(false)
    expect(isDone(ROW, { ...approve, content: { ...CONTENT, notes: 'x' } }, by)).toBe(false)
    expect(isDone(WITHDRAWN, approve, by)).toBe(false)
    expect(isDone(undefined, approve, by)).toBe(false)
    expect(isDone(ROW, { action: 'change', content: { notes: 'VP' } }, 'eve@a.test')).toBe(true)
    expect(isDone(ROW, { action: 'change', content: { notes: 'CFO' } }, by)).toBe(false)
    expect(isDone(WITHDRAWN, withdraw, by)).toBe(true)
    expect(isDone(WITHDRAWN, withdraw, 'eve@a.test')).toBe(false)
    expect(isDone(ROW, withdraw, by)).toBe(false)
    expect(isDone(ROW, { action: 'restore' }, by)).toBe(false)
  })

  it('T74: gives every two different rows different tags, and one tag for any order of members', async () => {
    const rows: ApprovalRow[] = [
      ROW,
      WITHDRAWN,
      { ...ROW, approvedBy: 'eve@a.test' },
      { ...ROW, approvedAt: later(1) },
      { ...ROW, expiresAt: null },
      { ...ROW, phoneNumber: '+14155550101' },
      { ...ROW, version: 4 },
      { ...ROW, metadata: null },
      { ...ROW, metadata: { company: 'Acme', tags: ['a', 'b'] } },
      { ...ROW, metadata: { company: 'Acme', tags: ['b', 'a'] } },
      { ...ROW, metadata: { company: 'Acme', tags: [{ b: 1, a: 2 }] } },
      { ...WITHDRAWN, revokedAt: later(1) },
      { ...WITHDRAWN, revokedBy: 'eve@a.test' },
      { ...WITHDRAWN, revokedReason: 'Fraud' },
    ]
    const tags = await Promise.all(rows.map(tagOf))
    expect(new Set(tags).size).toBe(rows.length)
    const other = { ...ROW, metadata: { tags: [{ a: 2, b: 1 }], company: 'Acme' } }
    expect(await tagOf(other)).toBe(tags[10])
    // The key is no part of the content.
    expect(await tagOf({ ...ROW, email: 'eve@guest.test' })).toBe(tags[0])
  })
})
