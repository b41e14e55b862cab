import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/base/config.ts'
import { unixMs, unixSeconds } from '../../src/base/time.ts'
import { realWorld } from '../../src/base/world.ts'
import {
  burnLink,
  countAttempt,
  linkKey,
  putLink,
  whyNotBurnable,
  type LinkRow,
} from '../../src/model/link.ts'
import { newLinkId, newUserId } from '../../src/model/sealed-link.ts'
import { combinations, forEach } from '../support/workers/cases.ts'
import { newEmail, startLatchkey } from '../support/workers/latchkey.ts'
import { putRow } from '../support/workers/rows.ts'

const NOW = unixSeconds(1_800_000_000)
const caller = { ipAddress: '192.0.2.1', userAgent: '' }

function newLink() {
  return {
    linkId: newLinkId(realWorld),
    createdAtMs: unixMs(NOW * 1000 + 999),
    flow: 'email' as const,
    userId: newUserId(realWorld),
    email: newEmail(),
    codeChallenge: 'its-challenge',
    keyId: 1,
  }
}

describe('works', () => {
  it('T2, T13, T15: gives the same result in the condition that burns a link and in the rule that explains it', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const cases = combinations({
      tokenType: ['magic_link', 'session'],
      codeChallenge: ['its-challenge', 'another-challenge'],
      userId: ['usr_a', 'usr_b'],
      used: [true, false],
      deviceId: ['dev_a', 'dev_b', null],
      expiresAt: [NOW - 1, NOW, NOW + 1],
    })
    const reasons = new Set<string | null>()
    await forEach([...cases, undefined], async (members) => {
      const claim = {
        linkId: newLinkId(realWorld),
        userId: 'usr_a',
        codeChallenge: 'its-challenge',
        deviceId: 'dev_a',
      }
      const row = members && { tokenId: claim.linkId, attempts: 0, ...members }
      if (row) await putRow(app, row)
      const reason = whyNotBurnable(row as LinkRow | undefined, claim, NOW)
      const burned = await app.db.update(burnLink(config, claim, NOW))
      expect(burned.ok, JSON.stringify(row)).toBe(reason === null)
      // What the condition saw is what the reason is told from.
      if (!burned.ok) expect(whyNotBurnable(burned.row, claim, NOW)).toBe(reason)
      reasons.add(reason)
    })
    expect(reasons).toEqual(new Set([null, 'unknown', 'used', 'used_by_this_device', 'expired']))
  })

  it('T12: burns a link once, and stores when and by which device', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const link = newLink()
    await app.db.transact({ link: putLink(config, link, { caller }) })
    const burns = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        app.db.update(burnLink(config, { ...link, deviceId: `dev_${n}` }, NOW)),
      ),
    )
    const won = burns.filter(({ ok }) => ok)
    expect(won).toHaveLength(1)
    expect(await app.db.get(linkKey(config, link.linkId))).toEqual(won[0]!.row)
    expect(won[0]!.row).toMatchObject({ used: true, usedAt: NOW })
  })

  it('expires LINK_TTL_SECONDS after the second in which it was made', async () => {
    const app = startLatchkey({ env: { LINK_TTL_SECONDS: '60' } })
    const { Put } = putLink(parseConfig(app.env), newLink(), { caller })
    expect(Put.Item).toMatchObject({ createdAt: NOW, expiresAt: NOW + 60, used: false })
  })
})

describe('refuses', () => {
  it('T17: a sixth code try, a try that was already counted, and one without the challenge', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const link = newLink()
    await app.db.transact({ link: putLink(config, link, { caller }) })
    const count = (challenge: string, id: string) =>
      app.db.update(countAttempt(config, link.linkId, challenge, id))
    expect((await count('another-challenge', 'try_0')).ok).toBe(false)
    for (let n = 1; n <= 5; n++) {
      expect(await count('its-challenge', `try_${n}`)).toMatchObject({ ok: true })
      // Our own try again, after its answer was lost: the row shows that it is counted.
      const again = await count('its-challenge', `try_${n}`)
      expect(again).toMatchObject({ ok: false, row: { attempts: n, lastAttemptId: `try_${n}` } })
    }
    expect(await count('its-challenge', 'try_6')).toMatchObject({ ok: false, row: { attempts: 5 } })
  })

  it('to overwrite a link that exists, or to count for one that does not', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const link = newLink()
    expect(
      await app.db.update(countAttempt(config, link.linkId, 'its-challenge', 'try_1')),
    ).toEqual({
      ok: false,
      row: undefined,
    })
    await app.db.transact({ link: putLink(config, link, { caller }) })
    const other = { ...newLink(), linkId: link.linkId }
    const { refused } = await app.db.transact({ link: putLink(config, other, { caller }) })
    expect(refused?.link?.row).toMatchObject({ email: link.email })
  })
})
