import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/base/config.ts'
import { unixMs, type UnixMs } from '../../src/base/time.ts'
import { realWorld } from '../../src/base/world.ts'
import {
  addressIdOf,
  addressKey,
  advance,
  identify,
  takeCodeTry,
  takeSend,
  type AddressRow,
} from '../../src/model/address.ts'
import { endSessionsUntil, requireNotEnded, whyEndedHere } from '../../src/model/address-ends.ts'
import { newLinkId, newUserId, openHandle } from '../../src/model/sealed-link.ts'
import { combinations, forEach } from '../support/workers/cases.ts'
import { nowSeconds } from '../support/workers/clock.ts'
import { newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { addressOf, eraseRow, linksOf, putRow, userIdOf } from '../support/workers/rows.ts'
import { sealsOf } from '../support/workers/seals.ts'
import {
  ask,
  askForLink,
  expectRefused,
  expectTokens,
  newDevice,
  redeem,
  redeemCode,
  signIn,
} from '../support/workers/sign-in.ts'
import {
  ALIVE,
  askAgain,
  DEAD,
  forgetSends,
  jsonOf,
  lastLine,
  signsOfLife,
} from '../support/workers/tokens.ts'

const T = unixMs(1_800_000_000_000)
const DAY = 86_400
const newAddressId = () => addressIdOf(newEmail())
const after = (ms: number): UnixMs => unixMs(T + ms)

/** Whose link a handle is. */
async function personOf(app: Latchkey, asked: Response): Promise<string | undefined> {
  const { handle } = await jsonOf<{ handle: string }>(asked)
  return (await openHandle(await sealsOf(app), handle))?.userId
}

describe('a user id', () => {
  it('works: is set by the first ask, and read by every later one', async () => {
    const app = startLatchkey()
    const [email, device] = [newEmail(), await newDevice()]
    const first = await personOf(app, await ask(app, email, device))
    expect(first).toMatch(/^usr_[A-Za-z0-9_-]{22}$/)
    expect(await userIdOf(app, email)).toBe(first)
    await forgetSends(app, email)
    expect(await personOf(app, await ask(app, email, device))).toBe(first)
    const tokens = await expectTokens(
      await redeem(app, (await askAgain(app, device, email)).linkToken, device),
    )
    expect(tokens.user.id).toBe(first)
  })

  it('works: stays the same when an address that may not sign in is approved', async () => {
    const app = startLatchkey()
    const [email, device] = [newEmail('guest.test'), await newDevice()]
    const before = await personOf(app, await ask(app, email, device))
    await app.settle()
    expect(await linksOf(app, email)).toMatchObject([{ userId: before }])
    app.clock.offsetMs += 61_000
    expect(await personOf(app, await ask(app, email, device))).toBe(before)
  })

  it('withstands: concurrent first asks: all get the same one, with or without a tag', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    for (const email of [newEmail(), newEmail().replace('@', '+tag@')]) {
      const answers = await Promise.all(Array.from({ length: 8 }, () => ask(app, email, device)))
      const accepted = answers.filter(({ status }) => status === 202)
      expect(accepted).toHaveLength(1)
      expect(await personOf(app, accepted[0]!)).toBe(await userIdOf(app, email))
    }
  })

  it('withstands: every write that may set it: all read the same one', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const addressId = await newAddressId()
    const writes = Array.from({ length: 24 }, (_, n) => {
      const userId = newUserId(realWorld)
      const write = n % 2 ? identify(config, addressId, userId, T) : undefined
      return write ?? takeSend(config, addressId, newLinkId(realWorld), after(n * 60_000), userId)
    })
    const verdicts = await Promise.all(writes.map((write) => app.db.update(write)))
    const ids = new Set(verdicts.flatMap(({ ok, row }) => (ok ? row?.userId : [])))
    expect(ids.size).toBe(1)
    expect((await app.db.get(addressKey(config, addressId)))?.userId).toBe([...ids][0])
  })

  it('withstands: a guess from the address: another deployment or time gives another one', async () => {
    const app = startLatchkey()
    const [email, device] = [newEmail(), await newDevice()]
    const addressId = await addressIdOf(email)
    const ids = new Set<string | undefined>()
    for (let n = 0; n < 4; n++) {
      await eraseRow(app, addressId)
      ids.add(await personOf(app, await ask(app, email, device)))
      // Only the row's own id is derived from the address.
      expect(addressId).not.toContain((await userIdOf(app, email)).slice('usr_'.length))
    }
    expect(ids.size).toBe(4)
    // The random bytes decide it, and nothing else does.
    const world = { ...realWorld, randomBytes: (length: number) => new Uint8Array(length).fill(7) }
    expect(newUserId(world)).toBe(newUserId(world))
  })
})

describe('an address row', () => {
  it('works: without a sign-in, expires two days after the last ask', async () => {
    const app = startLatchkey()
    const [email, device] = [newEmail(), await newDevice()]
    for (const wait of [0, 61_000, DAY * 1000]) {
      app.clock.offsetMs += wait
      expect((await ask(app, email, device)).status).toBe(202)
      const row = (await addressOf(app, email))!
      expect(Math.abs(row.expiresAt! - (nowSeconds(app) + 2 * DAY))).toBeLessThan(3)
      expect(row).not.toHaveProperty('lastingExpiresAt')
      // It stays out of the index by addresses, which would show it beside links and sessions.
      expect(row).not.toHaveProperty('email')
    }
  })

  it('works: is permanent from the first sign-in on, whatever is asked or tried afterwards', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const { user } = await signIn(app, device)
    const lasting = { expiresAt: null, lastingExpiresAt: null, userId: user.id }
    expect(await addressOf(app, user.email)).toMatchObject(lasting)
    const asked = await askAgain(app, device, user.email)
    expect(await addressOf(app, user.email)).toMatchObject(lasting)
    await redeemCode(app, asked, asked.code === '000000' ? '000001' : '000000', device)
    expect((await addressOf(app, user.email))!['codeTriedAt1']).toBeGreaterThan(0)
    expect(await addressOf(app, user.email)).toMatchObject(lasting)
  })

  it('works: with a tag, is a separate person, and shares the message budget of its mailbox', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const spent = () => {
      const { dynamoRoundTrips, dynamoCalls } = lastLine(app, '/v1/links')!
      return [dynamoRoundTrips, dynamoCalls]
    }
    const email = newEmail()
    const [tagged, other] = [email.replace('@', '+a@'), email.replace('@', '+b@')]
    const tag = await personOf(app, await ask(app, tagged, device))
    expect(spent()).toEqual([1, 3])
    expect(await addressOf(app, tagged)).not.toHaveProperty('sentAt1')
    // The mailbox's row only counts: nobody has asked for it yet.
    expect(await addressOf(app, email)).not.toHaveProperty('userId')
    for (const one of [email, other, tagged]) {
      expect((await ask(app, one, device)).status, one).toBe(429)
    }
    app.clock.offsetMs += 61_000
    const own = await personOf(app, await ask(app, email, device))
    expect(spent()).toEqual([1, 2])
    expect((await ask(app, tagged, device)).status).toBe(429)
    app.clock.offsetMs += 61_000
    expect(await personOf(app, await ask(app, tagged, device))).toBe(tag)
    expect(new Set([own, tag, await userIdOf(app, other)]).size).toBe(3)
    expect(await addressOf(app, email)).toMatchObject({ userId: own, devices: {} })
  })

  it('refuses: to sign anyone in or out on a mailbox row that only counts messages', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const addressId = await newAddressId()
    await app.db.update(takeSend(config, addressId, newLinkId(realWorld), T))
    const row = await app.db.get(addressKey(config, addressId))
    expect(whyEndedHere(SESSION, row)).toBe('identity_gone')
    const signedIn = await app.db.update(advance(config, addressId, SESSION, T, false))
    expect(signedIn).toMatchObject({ ok: false })
  })

  it('refuses: sessions and links of a previous owner of the address', async () => {
    const app = startLatchkey()
    const before = await signIn(app)
    const { email } = before.user
    const unused = await askAgain(app, before.device, email)
    await eraseRow(app, await addressIdOf(email))
    expect(await signsOfLife(app, before)).toEqual(DEAD)
    await expectRefused(await redeem(app, unused.linkToken, before.device), 'superseded')

    const stranger = await newDevice()
    const after = await expectTokens(
      await redeem(app, (await askForLink(app, stranger, email)).linkToken, stranger),
    )
    expect(after.user.id).not.toBe(before.user.id)
    expect(await signsOfLife(app, before)).toEqual(DEAD)
    await expectRefused(await redeem(app, unused.linkToken, before.device), 'superseded')
    await expectRefused(await redeemCode(app, unused, unused.code, before.device), 'superseded')
    await expectRefused(await redeem(app, before.linkToken, before.device), 'used')
    for (const path of ['/v1/sessions', `/v1/sessions/${after.session_id}`]) {
      const headers = { Authorization: `Bearer ${before.access_token}` }
      expect((await app.fetch(path, { method: 'DELETE', headers })).status).toBe(401)
    }
    expect(await signsOfLife(app, after)).toEqual(ALIVE)
  })
})

const SESSION = {
  sessionId: 'ses_own',
  userId: 'usr_a',
  deviceKey: 'key_of_dev_a',
  openedAtMs: T,
}

describe('the rule of a session', () => {
  it('works: has the same result as the conditions of every write', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const cases = combinations({
      userId: ['usr_a', 'usr_b', undefined],
      sessionsNotBefore: [undefined, after(-1), T, after(1)],
      keepSessionId: [undefined, 'ses_own', 'ses_other'],
      devices: [
        undefined,
        {},
        { key_of_dev_a: after(-1) },
        { key_of_dev_a: T },
        { key_of_dev_a: after(1) },
        { key_of_dev_b: after(1) },
      ],
    })
    const reasons = new Set<string | null>()
    await forEach([...cases, undefined], async (members) => {
      const tokenId = await newAddressId()
      const row = members && { tokenId, tokenType: 'address', ...members }
      if (row) await putRow(app, row)
      const reason = whyEndedHere(SESSION, row as AddressRow | undefined)
      const { refused } = await app.db.transact({
        address: requireNotEnded(config, tokenId, SESSION),
      })
      // Later than anything in the row: its own condition, against older clocks, holds.
      const ended = await app.db.update(endSessionsUntil(config, tokenId, SESSION, true, after(10)))
      const alive = reason === null
      expect([refused === undefined, ended.ok], JSON.stringify(row)).toEqual([alive, alive])
      if (refused) expect(whyEndedHere(SESSION, refused.address?.row)).toBe(reason)
      reasons.add(reason)
    })
    expect(reasons).toEqual(new Set([null, 'identity_gone', 'signed_out_everywhere', 'replaced']))
  })

  it('works: a sign-out everywhere keeps the current session, or none, and clears the devices', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    for (const keep of [true, false]) {
      const addressId = await newAddressId()
      await app.db.update(identify(config, addressId, 'usr_a', T))
      await app.db.update(advance(config, addressId, SESSION, after(-5), false))
      const ended = await app.db.update(
        endSessionsUntil(config, addressId, SESSION, keep, after(10)),
      )
      expect(ended.row).toMatchObject({
        devices: {},
        sessionsNotBefore: after(10),
        linksNotBefore: after(10),
      })
      const on = (sessionId: string, openedAtMs: UnixMs) =>
        whyEndedHere({ ...SESSION, sessionId, openedAtMs }, ended.row)
      expect(on('ses_own', T)).toBe(keep ? null : 'signed_out_everywhere')
      expect(on('ses_other', after(10))).toBe('signed_out_everywhere')
      expect(on('ses_other', after(11))).toBeNull()
    }
  })

  it('refuses: to undo a later sign-out everywhere by a clock that is behind', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    for (const member of ['sessionsNotBefore', 'linksNotBefore']) {
      const tokenId = await newAddressId()
      const later = { [member]: after(20), keepSessionId: 'ses_own' }
      await putRow(app, { tokenId, tokenType: 'address', userId: 'usr_a', ...later })
      const end = (nowMs: UnixMs) =>
        app.db.update(endSessionsUntil(config, tokenId, SESSION, true, nowMs))
      expect((await end(after(19))).ok, member).toBe(false)
      expect((await end(after(20))).ok, member).toBe(true)
    }
  })
})

describe('a sign-in', () => {
  it('works: spends older links, marks its device, and resets the code tries after a sign-in by code', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    for (const byCode of [true, false]) {
      const addressId = await newAddressId()
      await app.db.update(identify(config, addressId, 'usr_a', T))
      await app.db.update(takeCodeTry(config, addressId, newLinkId(realWorld), T))
      const signedIn = await app.db.update(advance(config, addressId, SESSION, after(-100), byCode))
      expect(signedIn).toMatchObject({
        ok: true,
        row: { linksNotBefore: T, devices: { key_of_dev_a: T }, expiresAt: null },
      })
      expect(signedIn.row?.['codeTriedAt1']).toBe(byCode ? undefined : T)
    }
  })

  it('withstands: any order: each opens later than the one before, and only a device’s last session is live', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const time = fc.integer({ min: 0, max: 20 })
    const attempt = fc.record({ asked: time, later: time, device: fc.constantFrom('a', 'b') })
    await fc.assert(
      fc.asyncProperty(fc.array(attempt, { minLength: 2, maxLength: 8 }), async (attempts) => {
        const addressId = await newAddressId()
        await app.db.update(identify(config, addressId, 'usr_a', T))
        const opened: (typeof SESSION)[] = []
        for (const [n, { asked, later, device }] of attempts.entries()) {
          const [deviceKey, openedAtMs] = [`key_${device}`, after(asked + later)]
          const session = { ...SESSION, sessionId: `ses_${n}`, deviceKey, openedAtMs }
          const { ok } = await app.db.update(
            advance(config, addressId, session, after(asked), false),
          )
          const last = opened.at(-1)?.openedAtMs ?? after(-1)
          expect(ok).toBe(last < after(asked))
          if (ok) opened.push(session)
        }
        const row = await app.db.get(addressKey(config, addressId))
        for (const [n, session] of opened.entries()) {
          const newer = opened.slice(n + 1).some((one) => one.deviceKey === session.deviceKey)
          expect(whyEndedHere(session, row)).toBe(newer ? 'replaced' : null)
        }
      }),
      { numRuns: 25 },
    )
  })
})
