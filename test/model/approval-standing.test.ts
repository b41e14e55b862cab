import { expect, it } from 'vitest'
import type { Config } from '../../src/base/config.ts'
import { unixSeconds } from '../../src/base/time.ts'
import { isApproved, type ApprovalRow } from '../../src/model/approval.ts'
import { standingOfAddress } from '../../src/model/approval-standing.ts'
import { combinations } from '../support/workers/cases.ts'

const NOW = unixSeconds(1_800_000_000)
const config = { COMPANY_DOMAINS: ['company.test'] } as unknown as Config
const EMAILS = ['ada@company.test', 'ada+tag@company.test', 'ada@guest.test']

it('says approved for exactly the addresses and rows that may sign in', () => {
  const rows = [
    undefined,
    ...combinations({
      revokedAt: [undefined, null, NOW - 1, NOW + 1],
      expiresAt: [undefined, null, NOW - 1, NOW, NOW + 1],
    }),
  ]
  const verdicts = new Set<string>()
  for (const email of EMAILS) {
    for (const members of rows) {
      const row = members && ({ email, ...members } as ApprovalRow)
      const standing = standingOfAddress(config, email, row, NOW)
      expect(standing.approved, JSON.stringify([email, row])).toBe(
        isApproved(config, email, row, NOW),
      )
      verdicts.add(standing.why)
    }
  }
  expect([...verdicts].toSorted()).toEqual(['approval', 'company', 'ended', 'none', 'withdrawn'])
})

it('says who approved or withdrew, when and why, and null for what an operator did not write', () => {
  const email = 'ada@guest.test'
  const of = (row: Partial<ApprovalRow> | undefined, address = email) =>
    standingOfAddress(config, address, row && { email: address, ...row }, NOW)
  expect(of(undefined)).toEqual({ approved: false, why: 'none' })
  expect(of(undefined, 'ada@company.test')).toEqual({
    approved: true,
    why: 'company',
    domain: 'company.test',
  })
  const by = { approvedBy: 'boss@a.test', approvedAt: unixSeconds(NOW - 9) }
  const approval = { approved: true, why: 'approval' }
  expect(of({ ...by, expiresAt: unixSeconds(NOW + 1) })).toEqual({
    ...approval,
    by: 'boss@a.test',
    at: NOW - 9,
    until: NOW + 1,
  })
  expect(of({})).toEqual({ ...approval, by: null, at: null, until: null })
  const ended = { approved: false, why: 'ended', at: NOW }
  expect(of({ ...by, expiresAt: NOW })).toEqual({ ...ended, by: 'boss@a.test' })
  expect(of({ expiresAt: NOW })).toEqual({ ...ended, by: null })
  const withdrawn = { approved: false, why: 'withdrawn', at: NOW }
  expect(of({ revokedAt: NOW, revokedBy: 'boss@a.test', revokedReason: 'Left' })).toEqual({
    ...withdrawn,
    by: 'boss@a.test',
    reason: 'Left',
  })
  expect(of({ revokedAt: NOW })).toEqual({ ...withdrawn, by: null, reason: null })
})
