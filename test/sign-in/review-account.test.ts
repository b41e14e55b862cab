import { describe, expect, it } from 'vitest'
import { newEmail, startLatchkey } from '../support/workers/latchkey.ts'
import { ask, newDevice, redeem, redeemCode } from '../support/workers/sign-in.ts'
import { jsonOf, lastLine, linesOf } from '../support/workers/tokens.ts'

const CODE = '271828'
const TODAY = new Date().toISOString().slice(0, 10)
const LONG_AGO = '2020-01-01'

/** A Worker with one review account, and an address that has asked it for a link. */
async function startReview(account: string, lastDay: string, email: string, admin = '') {
  const accounts = [{ email: account, code: CODE, lastDay }]
  const app = startLatchkey({
    env: { REVIEW_ACCOUNTS: JSON.stringify(accounts), ADMIN_EMAILS: admin },
  })
  const device = await newDevice()
  const asked = await jsonOf<{ handle: string }>(await ask(app, email, device))
  await app.settle()
  return { app, device, enter: () => redeemCode(app, asked, CODE, device) }
}

describe('works', () => {
  it('signs in a reviewer with the fixed code until its last day, and logs each use', async () => {
    const email = newEmail()
    const { app, enter } = await startReview(email, TODAY, email)
    expect((await enter()).status).toBe(200)
    expect(linesOf(app, 'review_account_used')).toHaveLength(1)
  })
})

describe('refuses', () => {
  const [late, admin, account, other] = [newEmail(), newEmail(), newEmail(), newEmail()]
  it.each([
    ['after its day', late, LONG_AGO, late, ''],
    ['for an admin', admin, TODAY, admin, admin],
    ['for anyone else', account, TODAY, other, ''],
  ])('the code %s', async (_, account, lastDay, asking, admins) => {
    const { app, enter } = await startReview(account, lastDay, asking, admins)
    expect((await enter()).status).toBe(400)
    expect(lastLine(app, '/v1/token')).toMatchObject({ reason: 'wrong_code' })
    expect(linesOf(app, 'review_account_used')).toEqual([])
  })

  it('the code as a link', async () => {
    const email = newEmail()
    const { app, device } = await startReview(email, TODAY, email)
    expect((await redeem(app, CODE, device)).status).toBe(400)
  })

  it('T16: a review account without an approval', async () => {
    const email = newEmail('guest.test')
    const { app, enter } = await startReview(email, TODAY, email)
    expect((await enter()).status).toBe(400)
    expect(lastLine(app, '/v1/token')).toMatchObject({ reason: 'not_approved' })
  })
})
