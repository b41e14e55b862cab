import { describe, expect, it } from 'vitest'
import type { Item } from '../../src/dynamo/items.ts'
import { explainRefusal } from '../../src/sign-in/sign-in.ts'

const NOW = 1_795_000_000
const phone = { deviceId: 'dev_phone_1', codeChallenge: 'its-challenge' }
const usedLink = {
  codeChallenge: 'its-challenge',
  used: true,
  deviceId: 'dev_phone_1',
  expiresAt: NOW + 60,
}
const freshLink = { ...usedLink, used: false, deviceId: null }
const openedSession = {
  tokenId: 'ses_1',
  generation: 0,
  openedAtMs: (NOW - 5) * 1000,
  expiresAt: NOW + 1000,
}

/** The transaction's four verdicts: what a condition refused, and the row that it saw. */
const refused = (rows: {
  link?: Item | 'absent'
  approval?: boolean
  user?: Item
  session?: Item
}) => ({
  ok: false as const,
  reasons: [
    { failed: rows.link !== undefined, item: rows.link === 'absent' ? undefined : rows.link },
    { failed: rows.approval === true, item: undefined },
    { failed: rows.user !== undefined, item: rows.user },
    { failed: rows.session !== undefined, item: rows.session },
  ],
})

const spent = refused({ link: usedLink, user: {}, session: openedSession })

describe('works', () => {
  it('T13: the device that spent the link may ask for its session again', () => {
    expect(explainRefusal(spent, phone, NOW)).toBe('again')
  })

  it('T13: also after the link itself has expired', () => {
    expect(explainRefusal(spent, phone, NOW + 900)).toBe('again')
  })

  it('T13: also when DynamoDB shows no row but the link’s', () => {
    expect(explainRefusal(refused({ link: usedLink }), phone, NOW)).toBe('again')
  })

  it.each([
    ['expired', refused({ link: { ...freshLink, expiresAt: NOW } })],
    ['used', refused({ link: { ...usedLink, deviceId: 'dev_other_1' }, session: openedSession })],
    ['not_approved', refused({ approval: true })],
    ['not_approved', refused({ approval: true, user: {} })],
    ['superseded', refused({ user: {} })],
    ['used', refused({ session: openedSession })],
  ])('tells the holder of the verifier: %s', (reason, verdict) => {
    expect(explainRefusal(verdict, phone, NOW)).toBe(reason)
  })
})

describe('refuses', () => {
  it('T13: the session to another device', () => {
    expect(explainRefusal(spent, { ...phone, deviceId: 'dev_other_1' }, NOW)).toBe('used')
  })
})

describe('withstands', () => {
  const stranger = { ...phone, codeChallenge: 'another-challenge' }
  it.each([
    ['unknown', refused({ link: 'absent' })],
    ['used', spent],
    ['fresh', refused({ link: freshLink })],
    ['expired', refused({ link: { ...freshLink, expiresAt: NOW - 1 } })],
    ['superseded', refused({ link: freshLink, user: {} })],
    ['not approved', refused({ link: freshLink, approval: true })],
  ])('T19: whoever lacks the verifier learns nothing about a link that is %s', (_, verdict) => {
    expect(explainRefusal(verdict, stranger, NOW)).toBe('unknown')
  })
})
