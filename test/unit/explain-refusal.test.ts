import { describe, expect, it } from 'vitest'
import type { Item } from '../../src/dynamo/items.ts'
import { explainRefusal } from '../../src/links/redeem.ts'

const NOW = 1_795_000_000
const phone = { deviceId: 'dev_phone_1', codeChallenge: 'its-challenge', jkt: undefined }
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

const again = refused({ link: usedLink, user: {}, session: openedSession })

describe('works', () => {
  it('T13: the device that opened the session gets it again', () => {
    expect(explainRefusal(again, phone, NOW)).toEqual({ again: openedSession })
  })

  it('T13: also after the link itself has expired', () => {
    expect(explainRefusal(again, phone, NOW + 900)).toEqual({ again: openedSession })
  })

  it('T13: also with its DPoP key', () => {
    const bound = refused({ link: usedLink, session: { ...openedSession, dpopJkt: 'thumb' } })
    expect(explainRefusal(bound, { ...phone, jkt: 'thumb' }, NOW)).toHaveProperty('again')
  })

  it('T13: also when everything else of the person was signed out but this session', () => {
    const user = { sessionsNotBefore: NOW * 1000, keepSessionId: 'ses_1' }
    const kept = refused({ link: usedLink, user, session: openedSession })
    expect(explainRefusal(kept, phone, NOW)).toHaveProperty('again')
  })

  it.each([
    ['expired', refused({ link: { ...freshLink, expiresAt: NOW } })],
    ['used', refused({ link: { ...usedLink, deviceId: 'dev_other_1' }, session: openedSession })],
    ['not_approved', refused({ approval: true })],
    ['not_approved', refused({ approval: true, user: {} })],
    ['superseded', refused({ user: {} })],
    ['used', refused({ session: openedSession })],
  ])('tells the holder of the verifier: %s', (reason, verdict) => {
    expect(explainRefusal(verdict, phone, NOW)).toEqual({ reason })
  })
})

describe('refuses', () => {
  it.each([
    ['another device', { ...phone, deviceId: 'dev_other_1' }],
    ['a request with a key, for a session without', { ...phone, jkt: 'thumb' }],
  ])('T13: the session to %s', (_, device) => {
    expect(explainRefusal(again, device, NOW)).toEqual({ reason: 'used' })
  })

  it.each([
    ['is bound to a key, which is not shown', { dpopJkt: 'thumb' }],
    ['was refreshed', { generation: 1 }],
    ['was signed out', { revokedAt: NOW - 1 }],
    ['has expired', { expiresAt: NOW }],
  ])('T13, T14: to give a session again that %s', (_, more) => {
    const verdict = refused({ link: usedLink, user: {}, session: { ...openedSession, ...more } })
    expect(explainRefusal(verdict, phone, NOW)).toEqual({ reason: 'used' })
  })

  it('T14: to give a session again that was ended with all others', () => {
    const user = { sessionsNotBefore: openedSession.openedAtMs }
    const verdict = refused({ link: usedLink, user, session: openedSession })
    expect(explainRefusal(verdict, phone, NOW)).toEqual({ reason: 'used' })
  })

  it('T16: to give a session again to someone whose approval is gone', () => {
    const verdict = refused({ link: usedLink, approval: true, session: openedSession })
    expect(explainRefusal(verdict, phone, NOW)).toEqual({ reason: 'not_approved' })
  })

  it('a session that is not there', () => {
    expect(explainRefusal(refused({ link: usedLink }), phone, NOW)).toEqual({ reason: 'used' })
  })
})

describe('withstands', () => {
  const stranger = { ...phone, codeChallenge: 'another-challenge' }
  it.each([
    ['unknown', refused({ link: 'absent' })],
    ['used', again],
    ['fresh', refused({ link: freshLink })],
    ['expired', refused({ link: { ...freshLink, expiresAt: NOW - 1 } })],
    ['superseded', refused({ link: freshLink, user: {} })],
    ['not approved', refused({ link: freshLink, approval: true })],
  ])('T19: whoever lacks the verifier learns nothing about a link that is %s', (_, verdict) => {
    expect(explainRefusal(verdict, stranger, NOW)).toEqual({ reason: 'unknown' })
  })
})
