import { describe, expect, it } from 'vitest'
import { parseConfig, type Config } from '../../src/base/config.ts'
import { unixMs, unixSeconds, type UnixMs } from '../../src/base/time.ts'
import { addressIdOf, addressKey, advance, type AddressRow } from '../../src/model/address.ts'
import { endSessionsUntil, whyEndedHere } from '../../src/model/address-ends.ts'
import { pruneDevices } from '../../src/model/devices.ts'
import { newEmail, startLatchkey } from '../support/workers/latchkey.ts'
import { addressOf, putRow } from '../support/workers/rows.ts'
import { ask, askForLink, newDevice, signIn } from '../support/workers/sign-in.ts'
import {
  ALIVE,
  DEAD,
  forgetSends,
  lastLine,
  linesOf,
  refresh,
  signInAgain,
  signsOfLife,
} from '../support/workers/tokens.ts'

const DAY_MS = 86_400_000
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
  const CONFIG = {} as Config
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
  const pruned = (more: Partial<AddressRow>) => pruneDevices(CONFIG, rowWith(more))?.Update

  it('works: stay unchanged while there are at most fifty, however old', () => {
    expect(pruned({})).toBeUndefined()
    expect(pruned({ devices: {} })).toBeUndefined()
    expect(pruned({ devices: marks(50) })).toBeUndefined()
    expect(pruned({ devices: marks(50, unixMs(1)) })).toBeUndefined()
  })

  it('works: with a fifty-first device, the one that signed in longest ago ends', () => {
    const update = pruned({ devices: marks(51) })!
    expect(Object.values(update.ExpressionAttributeNames!)).toEqual([key(0)])
    expect(update.UpdateExpression).toBe(
      'SET sessionsNotBefore = :end REMOVE devices.#d0, keepSessionId',
    )
    expect(update.ExpressionAttributeValues).toMatchObject({ ':end': T })
  })

  it('works: after pruning, exactly the sessions of the last fifty devices are live', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    for (const count of [50, 53, 70]) {
      const row = rowWith({ tokenId: await newAddressId(), devices: marks(count) })
      await putRow(app, row)
      const update = pruneDevices(config, row)
      if (update) expect((await app.db.update(update)).ok).toBe(true)
      const after = (await app.db.get(addressKey(config, row.tokenId)))!
      const kept = Object.keys(row.devices!).slice(-50)
      expect(Object.keys(after.devices!).toSorted()).toEqual(kept)
      expect(pruneDevices(config, after)).toBeNull()
      for (const [deviceKey, openedAtMs] of Object.entries(row.devices!)) {
        const reason = kept.includes(deviceKey) ? null : 'signed_out_everywhere'
        expect(whyEndedHere({ ...SESSION, deviceKey, openedAtMs }, after), deviceKey).toBe(reason)
      }
    }
  })

  it('works: keep an entry as long as a session from an earlier configuration may last', async () => {
    const clock = { offsetMs: 0 }
    const world = { now: () => unixMs(Date.now() + clock.offsetMs) }
    const before = startLatchkey({ world })
    const phone = await newDevice()
    const replaced = await signIn(before, phone)
    const { email } = replaced.user
    clock.offsetMs = DAY_MS
    await signIn(before, { ...(await newDevice()), deviceId: phone.deviceId }, email)
    const after = startLatchkey({ world, env: { SESSION_TTL_SECONDS: '86400' } })
    for (const days of [12, 15.5]) {
      clock.offsetMs = days * DAY_MS
      expect((await refresh(after, replaced.refresh_token)).status).toBe(400)
    }
    await ask(after, email, await newDevice())
    await after.settle()
    expect((await refresh(after, replaced.refresh_token)).status).toBe(400)
  })

  it('withstands: a failed prune: the email is sent, and the log says what failed', async () => {
    const app = startLatchkey({
      world: {
        fetch: async (url, init) =>
          (init.body as string).includes('REMOVE devices')
            ? Response.json({ __type: 'x#InternalServerError' }, { status: 500 })
            : fetch(url, init),
        sleep: async () => {},
      },
    })
    const { user } = await signIn(app)
    const row = (await addressOf(app, user.email))!
    await putRow(app, { ...row, devices: marks(51) })
    await forgetSends(app, user.email)
    await askForLink(app, await newDevice(), user.email)
    expect(linesOf(app, 'devices_pruned')).toMatchObject([{ outcome: 'failed' }])
    expect(linesOf(app, 'link_sent')).toHaveLength(2)
  })

  it('works: are pruned by an ask, and the oldest session ends at its next use', async () => {
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

  it('withstands: a sign-in between the read and the write, on the device that would have been removed', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const read = rowWith({ tokenId: await newAddressId(), devices: marks(51) })
    await putRow(app, read)
    const session = { ...SESSION, deviceKey: key(0), openedAtMs: after(99) }
    expect((await app.db.update(advance(config, read.tokenId, session, after(98), false))).ok).toBe(
      true,
    )
    const update = pruneDevices(config, read)!
    expect((await app.db.update(update)).ok).toBe(false)
    const row = await app.db.get(addressKey(config, read.tokenId))
    expect(Object.keys(row!.devices!)).toHaveLength(51)
    for (const [deviceKey, openedAtMs] of Object.entries(row!.devices!)) {
      expect(whyEndedHere({ ...SESSION, deviceKey, openedAtMs }, row)).toBeNull()
    }
  })

  it('withstands: a sign-in or a sign-out everywhere in between, which the write does not change', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const read = rowWith({ tokenId: await newAddressId(), devices: marks(51) })
    const update = pruneDevices(config, read)!
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
