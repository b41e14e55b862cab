import { describe, expect, it } from 'vitest'
import { parseConfig, type Config } from '../../src/base/config.ts'
import { unixMs, unixSeconds, type UnixMs } from '../../src/base/time.ts'
import {
  addressIdOf,
  addressKey,
  advance,
  endSessionsUntil,
  whyEndedHere,
  type AddressRow,
} from '../../src/model/address.ts'
import { pruneDevices } from '../../src/model/devices.ts'
import { newEmail, startLatchkey } from '../support/workers/latchkey.ts'
import { addressOf, putRow } from '../support/workers/rows.ts'
import { ask, newDevice, signIn } from '../support/workers/sign-in.ts'
import {
  ALIVE,
  DEAD,
  forgetSends,
  lastLine,
  signInAgain,
  signsOfLife,
} from '../support/workers/tokens.ts'

const T = unixMs(1_800_000_000_000)
const newAddressId = () => addressIdOf(newEmail())
const after = (ms: number): UnixMs => unixMs(T + ms)
const SESSION = {
  sessionId: 'ses_own',
  userId: 'usr_a',
  deviceKey: 'key_of_dev_a',
  openedAtMs: T,
}

describe('the devices of a row', () => {
  const CONFIG = { SESSION_TTL_SECONDS: 2000, SESSION_IDLE_SECONDS: 1000 } as Config
  const LIFE_MS = 2_000_000
  const key = (n: number) => `key_${String(n).padStart(3, '0')}`
  /** The nth device signed in n milliseconds after `from`. */
  const marks = (count: number, from: UnixMs = T) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [key(n), unixMs(from + n)]))
  const rowWith = (more: Partial<AddressRow>): AddressRow => ({
    tokenId: 'adr_a',
    tokenType: 'address',
    userId: 'usr_a',
    createdAt: unixSeconds(T / 1000),
    expiresAt: null,
    ...more,
  })
  const pruned = (more: Partial<AddressRow>, nowMs: UnixMs = after(100)) =>
    pruneDevices(CONFIG, rowWith(more), nowMs)?.Update

  it('works: stay as they are while there are fifty at most, and none is older than a session’s life', () => {
    expect(pruned({})).toBeUndefined()
    expect(pruned({ devices: {} })).toBeUndefined()
    expect(pruned({ devices: marks(50) })).toBeUndefined()
    expect(pruned({ devices: marks(50) }, after(LIFE_MS - 1))).toBeUndefined()
    const idle = { ...CONFIG, SESSION_IDLE_SECONDS: 3000 } as Config
    const row = rowWith({ devices: marks(50) })
    expect(pruneDevices(idle, row, after(LIFE_MS + 100))).toBeNull()
  })

  it('works: a mark of which no session can be alive any more goes, and ends nothing', () => {
    const update = pruned({ devices: marks(3) }, after(LIFE_MS + 1))!
    expect(Object.values(update.ExpressionAttributeNames!).toSorted()).toEqual([key(0), key(1)])
    expect(update.UpdateExpression).toMatch(/^REMOVE devices\.#d0, devices\.#d1$/)
    expect(JSON.stringify(update)).not.toContain('sessionsNotBefore')
  })

  it('works: the fifty-first device ends the one that signed in longest ago', () => {
    const update = pruned({ devices: marks(51) })!
    expect(Object.values(update.ExpressionAttributeNames!)).toEqual([key(0)])
    expect(update.UpdateExpression).toBe(
      'SET sessionsNotBefore = :end REMOVE devices.#d0, keepSessionId',
    )
    expect(update.ExpressionAttributeValues).toMatchObject({ ':end': T })
    // Nothing is left of it that a sign-out everywhere has not ended already.
    const ended = pruned({ devices: marks(51), sessionsNotBefore: T })!
    expect(ended.UpdateExpression).toBe('REMOVE devices.#d0')
  })

  it('works: after it, exactly the sessions of the fifty last devices are alive', async () => {
    const app = startLatchkey({
      env: { SESSION_TTL_SECONDS: '2000', SESSION_IDLE_SECONDS: '1000' },
    })
    const config = parseConfig(app.env)
    for (const [count, nowMs, alive] of [
      [50, after(100), 50],
      [53, after(100), 50],
      [53, after(LIFE_MS + 9), 43],
      [70, after(LIFE_MS + 9), 50],
    ] as const) {
      const row = rowWith({ tokenId: await newAddressId(), devices: marks(count) })
      await putRow(app, row)
      const update = pruneDevices(config, row, nowMs)
      if (update) expect((await app.db.update(update)).ok).toBe(true)
      const after = (await app.db.get(addressKey(config, row.tokenId)))!
      const kept = Object.keys(row.devices!).slice(-alive)
      expect(Object.keys(after.devices!).toSorted()).toEqual(kept)
      expect(pruneDevices(config, after, nowMs)).toBeNull()
      for (const [deviceKey, openedAtMs] of Object.entries(row.devices!)) {
        const session = { ...SESSION, deviceKey, openedAtMs }
        const aged = openedAtMs <= nowMs - LIFE_MS
        if (aged) continue
        const reason = kept.includes(deviceKey) ? null : 'signed_out_everywhere'
        expect(whyEndedHere(session, after), deviceKey).toBe(reason)
      }
    }
  })

  it('works: an ask prunes them, and ends the oldest at its next use', async () => {
    const app = startLatchkey()
    const oldest = await signIn(app)
    const { email } = oldest.user
    app.clock.offsetMs += 1000
    const others = marks(49, unixMs(Date.now() + app.clock.offsetMs))
    app.clock.offsetMs += 1000
    const newest = await signInAgain(app, oldest.user)
    const row = (await addressOf(app, email))!
    await putRow(app, { ...row, devices: { ...row.devices, ...others } })
    expect(Object.keys((await addressOf(app, email))!.devices!)).toHaveLength(51)
    expect((await signsOfLife(app, oldest)).check).toBe(200)
    await forgetSends(app, email)
    expect((await ask(app, email, await newDevice())).status).toBe(202)
    // One round trip as ever: it is done after the answer.
    expect(lastLine(app, '/v1/links')).toMatchObject({ dynamoRoundTrips: 1, dynamoCalls: 2 })
    await app.settle()
    expect(Object.keys((await addressOf(app, email))!.devices!)).toHaveLength(50)
    expect(await signsOfLife(app, oldest)).toEqual(DEAD)
    expect(await signsOfLife(app, newest)).toEqual(ALIVE)
  })

  it('withstands: a sign-in between the read and the write wins, on the device that would have gone', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const read = rowWith({ tokenId: await newAddressId(), devices: marks(51) })
    await putRow(app, read)
    const session = { ...SESSION, deviceKey: key(0), openedAtMs: after(99) }
    expect((await app.db.update(advance(config, read.tokenId, session, after(98), false))).ok).toBe(
      true,
    )
    const update = pruneDevices(config, read, after(100))!
    expect((await app.db.update(update)).ok).toBe(false)
    const row = await app.db.get(addressKey(config, read.tokenId))
    expect(Object.keys(row!.devices!)).toHaveLength(51)
    for (const [deviceKey, openedAtMs] of Object.entries(row!.devices!)) {
      expect(whyEndedHere({ ...SESSION, deviceKey, openedAtMs }, row)).toBeNull()
    }
  })

  it('withstands: a sign-in or a sign-out everywhere in between, which the write leaves as they are', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const read = rowWith({ tokenId: await newAddressId(), devices: marks(51) })
    const update = pruneDevices(config, read, after(100))!
    await putRow(app, read)
    const session = { ...SESSION, deviceKey: 'key_new', openedAtMs: after(99) }
    await app.db.update(advance(config, read.tokenId, session, after(98), false))
    const once = await app.db.update(update)
    expect(once.ok).toBe(true)
    expect(whyEndedHere(session, once.row)).toBeNull()
    expect((await app.db.update(update)).ok).toBe(false)

    await putRow(app, read)
    await app.db.update(
      endSessionsUntil(
        config,
        read.tokenId,
        { ...session, deviceKey: key(50), openedAtMs: after(50) },
        true,
        after(99),
      ),
    )
    expect(await app.db.update(update)).toMatchObject({
      ok: false,
      row: { sessionsNotBefore: after(99), keepSessionId: 'ses_own' },
    })
  })
})
