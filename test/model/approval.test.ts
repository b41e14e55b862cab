import { expect, describe, it } from 'vitest'
import { parseConfig } from '../../src/base/config.ts'
import { APPROVALS_TABLE } from '../../src/base/tables.ts'
import { unixSeconds } from '../../src/base/time.ts'
import {
  isApproved,
  requireApproval,
  smsNumber,
  type ApprovalRow,
} from '../../src/model/approval.ts'
import { combinations, forEach } from '../support/workers/cases.ts'
import { newEmail, startLatchkey } from '../support/workers/latchkey.ts'
import { putRow } from '../support/workers/rows.ts'

const NOW = unixSeconds(1_800_000_000)

/** A row of each kind; what is undefined is not in it. */
const ROWS = [
  undefined,
  ...combinations({
    revokedAt: [undefined, null, NOW - 1, NOW + 1],
    expiresAt: [undefined, null, NOW - 1, NOW, NOW + 1],
  }),
]

describe('works', () => {
  it('T16: gives the same result as the condition of a sign-in, for a colleague, a tag and a guest', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const kinds = [
      () => newEmail(),
      () => newEmail().replace('@', '+tag@'),
      () => newEmail('guest.test'),
    ]
    const cases = kinds.flatMap((kind) => ROWS.map((row) => ({ email: kind(), row })))
    const verdicts = new Set<boolean>()
    await forEach(cases, async ({ email, row: members }) => {
      const row = members && { email, ...members }
      if (row) await putRow(app, row, APPROVALS_TABLE)
      const { refused } = await app.db.transact({ approval: requireApproval(config, email, NOW) })
      const approved = isApproved(config, email, row as ApprovalRow | undefined, NOW)
      expect(refused === undefined, JSON.stringify([email, row])).toBe(approved)
      verdicts.add(approved)
    })
    expect(verdicts.size).toBe(2)
  })

  it('T67: normalises the number for SMS, and ignores an invalid one', () => {
    const numberOf = (phoneNumber?: string | null) =>
      smsNumber(phoneNumber === undefined ? undefined : { email: '', phoneNumber })
    expect(numberOf('+1 (415) 555-0100')).toBe('+14155550100')
    for (const none of [undefined, null, '', '4155550100', '+0', 'call me']) {
      expect(numberOf(none)).toBeUndefined()
    }
  })
})

describe('refuses', () => {
  it('T16: a company address with a tag, whose plain address needs no approval', () => {
    const config = parseConfig(startLatchkey().env)
    const email = newEmail()
    expect(isApproved(config, email, undefined, NOW)).toBe(true)
    expect(isApproved(config, email.replace('@', '+tag@'), undefined, NOW)).toBe(false)
  })
})
