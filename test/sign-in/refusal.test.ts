import { describe, expect, it } from 'vitest'
import { unixSeconds } from '../../src/base/time.ts'
import type { AddressRow } from '../../src/model/address.ts'
import type { LinkRow } from '../../src/model/link.ts'
import { explainRefusal, TOLD, type SignInRefusal } from '../../src/sign-in/refusal.ts'

const NOW = unixSeconds(1_795_000_000)
const phone = {
  linkId: 'tok_ml_1',
  userId: 'usr_ada',
  deviceId: 'dev_phone_1',
  codeChallenge: 'its-challenge',
}
const usedLink = {
  tokenType: 'magic_link',
  userId: 'usr_ada',
  codeChallenge: 'its-challenge',
  used: true,
  deviceId: 'dev_phone_1',
  expiresAt: unixSeconds(NOW + 60),
} as LinkRow
const freshLink = { ...usedLink, used: false, deviceId: null }

/** The parts whose condition failed, each with the row that it saw. */
const refused = (rows: {
  link?: LinkRow | 'absent'
  approval?: boolean
  address?: boolean
  session?: boolean
}) => ({
  ...(rows.link && { link: { row: rows.link === 'absent' ? undefined : rows.link } }),
  ...(rows.approval && { approval: { row: undefined } }),
  ...(rows.address && { address: { row: {} as AddressRow } }),
  ...(rows.session && { session: { row: undefined } }),
})

const spent = refused({ link: usedLink, address: true, session: true })

describe('works', () => {
  it('T13: lets the device that used the link get its session again', () => {
    expect(explainRefusal(spent, phone, NOW)).toBe('used_by_this_device')
  })

  it('T13: does so even after the link has expired', () => {
    expect(explainRefusal(spent, phone, unixSeconds(NOW + 900))).toBe('used_by_this_device')
  })

  it('T13: does so even if DynamoDB only returns the link’s row', () => {
    expect(explainRefusal(refused({ link: usedLink }), phone, NOW)).toBe('used_by_this_device')
  })

  it.each([
    ['expired', refused({ link: { ...freshLink, expiresAt: NOW } })],
    ['used', refused({ link: { ...usedLink, deviceId: 'dev_other_1' }, session: true })],
    ['not_approved', refused({ approval: true })],
    ['not_approved', refused({ approval: true, address: true })],
    ['superseded', refused({ address: true })],
    ['superseded', refused({ address: true, session: true })],
    ['used', refused({ session: true })],
  ])('tells the holder of the verifier: %s', (reason, verdict) => {
    expect(explainRefusal(verdict, phone, NOW)).toBe(reason)
  })
})

describe('refuses', () => {
  it('T13: the session to another device', () => {
    expect(explainRefusal(spent, { ...phone, deviceId: 'dev_other_1' }, NOW)).toBe('used')
  })

  it('T15: a link to a person other than the one in its row', () => {
    expect(explainRefusal(spent, { ...phone, userId: 'usr_bob' }, NOW)).toBe('unknown')
  })

  it('a link whose row would hold now: what the condition saw decides', () => {
    expect(explainRefusal(refused({ link: freshLink }), phone, NOW)).toBe('unknown')
  })

  it('a link id whose row is not a link', () => {
    const link = { ...freshLink, tokenType: 'session' } as unknown as LinkRow
    expect(explainRefusal(refused({ link }), phone, NOW)).toBe('unknown')
  })
})

describe('withstands', () => {
  const stranger = { ...phone, codeChallenge: 'another-challenge' }
  it.each([
    ['unknown', refused({ link: 'absent' })],
    ['used', spent],
    ['fresh', refused({ link: freshLink })],
    ['expired', refused({ link: { ...freshLink, expiresAt: unixSeconds(NOW - 1) } })],
    ['superseded', refused({ link: freshLink, address: true })],
    ['not approved', refused({ link: freshLink, approval: true })],
  ])('T19: a caller without the verifier, about a link that is %s', (_, verdict) => {
    expect(explainRefusal(verdict, stranger, NOW)).toBe('unknown')
    expect(TOLD.unknown).toBeNull()
  })

  it('T68: a code that is wrong or was not compared: no reason is told', () => {
    const silent: SignInRefusal[] = ['unknown', 'wrong_code', 'too_many_tries', 'rate_limited']
    expect(Object.entries(TOLD).flatMap(([reason, told]) => (told ? [] : reason))).toEqual(silent)
  })
})
