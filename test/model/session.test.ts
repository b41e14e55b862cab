import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/base/config.ts'
import { unixMs, unixSeconds } from '../../src/base/time.ts'
import {
  endSession,
  openSession,
  requireLive,
  rotateSession,
  sessionKey,
  standingOf,
  whyEndedOnItsRow,
  type SessionRow,
} from '../../src/model/session.ts'
import { combinations, forEach } from '../support/workers/cases.ts'
import { startLatchkey } from '../support/workers/latchkey.ts'
import { putRow } from '../support/workers/rows.ts'

const NOW = unixSeconds(1_800_000_000)
const newSessionId = () => `ses_${crypto.randomUUID()}`
const toRow = (tokenId: string, { lastUsedAt, ...members }: { lastUsedAt: number }) => ({
  tokenId,
  generation: 3,
  metadata: { lastUsedAt },
  ...members,
})
const rowWith = (more: Record<string, unknown>) => more as unknown as SessionRow

describe('works', () => {
  it('T22: gives the same result in the condition of every write and in the rule for a row', async () => {
    const app = startLatchkey({ env: { SESSION_IDLE_SECONDS: '300' } })
    const config = parseConfig(app.env)
    const cases = combinations({
      tokenType: ['session', 'magic_link'],
      userId: ['usr_a', 'usr_b'],
      revokedAt: [undefined, 0, NOW + 1],
      expiresAt: [NOW - 1, NOW, NOW + 1],
      lastUsedAt: [NOW - 300, NOW - 299, NOW],
    })
    const reasons = new Set<string | null>()
    await forEach([...cases, undefined], async (members) => {
      const session = { sessionId: newSessionId(), userId: 'usr_a' }
      const row = members && toRow(session.sessionId, members)
      if (row) await putRow(app, row)
      const reason = whyEndedOnItsRow(config, row && rowWith(row), 'usr_a', NOW)
      const { refused } = await app.db.transact({ asking: requireLive(config, session, NOW) })
      const held = { ...session, generation: 3 }
      const rotated = await app.db.update(rotateSession(config, held, 'next', NOW))
      const lives = reason === null
      expect([refused === undefined, rotated.ok], JSON.stringify(row)).toEqual([lives, lives])
      reasons.add(reason)
    })
    expect(reasons).toEqual(new Set([null, 'unknown', 'revoked', 'expired', 'idle']))
  })

  it('T23: only rotates the current generation, with its key', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const cases = combinations({
      generation: [0, 1, 2, 3, 4],
      heldGeneration: [0, 1, 2, 3, 4],
      dpopJkt: [undefined, 'key_a'],
      jkt: [undefined, 'key_a', 'key_b'],
    })
    await forEach(cases, async ({ generation, heldGeneration, dpopJkt, jkt }) => {
      const session = { sessionId: newSessionId(), userId: 'usr_a' }
      const held = { ...session, generation: heldGeneration, jkt }
      const row = {
        tokenId: session.sessionId,
        tokenType: 'session',
        userId: 'usr_a',
        expiresAt: NOW + 100,
        generation,
        dpopJkt,
        sessionJWT: 'current',
        metadata: { lastUsedAt: NOW },
      }
      await putRow(app, row)
      const rotated = await app.db.update(rotateSession(config, held, 'next', NOW))
      const standing = standingOf(held, rowWith(row))
      expect(rotated.ok, JSON.stringify([row, held])).toBe(standing === 'current')
      const after = await app.db.get(sessionKey(config, session.sessionId))
      expect(after).toMatchObject(
        rotated.ok
          ? { generation: generation + 1, sessionJWT: 'next' }
          : { generation, sessionJWT: 'current' },
      )
    })
  })

  it.each([
    // Generations behind, and what that means without a key, and with one.
    [-1, 'not_of_this_session', 'not_of_this_session'],
    [0, 'current', 'current'],
    [1, 'answer_lost', 'answer_lost'],
    [2, 'reused', 'answer_lost'],
    [3, 'reused', 'answer_lost'],
    [99, 'reused', 'answer_lost'],
  ])('T23, T39: %i generations behind is %s, and %s with the key', (behind, unbound, bound) => {
    const row = (dpopJkt?: string) => rowWith({ generation: 100, dpopJkt })
    const held = (jkt?: string) => ({ generation: 100 - behind, jkt })
    expect(standingOf(held(), row())).toBe(unbound)
    expect(standingOf(held('key_a'), row('key_a'))).toBe(bound)
    expect(standingOf(held('key_b'), row('key_a'))).toBe('not_of_this_session')
    expect(standingOf(held('key_a'), row())).toBe('not_of_this_session')
    expect(standingOf(held(), row('key_a'))).toBe('not_of_this_session')
  })

  it('ends a session once: a second end changes nothing', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const session = { sessionId: newSessionId(), userId: 'usr_a' }
    await putRow(app, { tokenId: session.sessionId, tokenType: 'session', userId: 'usr_a' })
    const end = (by: string, now: number) =>
      app.db.update(endSession(config, session, { by, reason: 'signed_out' }, unixSeconds(now)))
    expect(await end('usr_a', NOW)).toMatchObject({ ok: true, row: { revokedAt: NOW } })
    expect(await end('system', NOW + 1)).toMatchObject({ ok: false, row: { revokedBy: 'usr_a' } })
  })
})

describe('refuses', () => {
  it('T25: to end another person’s session, a missing one, or a row that is not a session', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const why = { by: 'usr_b', reason: 'signed_out' } as const
    for (const row of [
      { tokenType: 'session', userId: 'usr_a' },
      { tokenType: 'magic_link', userId: 'usr_b' },
      undefined,
    ]) {
      const sessionId = newSessionId()
      if (row) await putRow(app, { tokenId: sessionId, ...row })
      const ended = await app.db.update(
        endSession(config, { sessionId, userId: 'usr_b' }, why, NOW),
      )
      expect(ended.ok).toBe(false)
      expect(ended.row?.revokedAt).toBeUndefined()
    }
  })

  it('T12: to open a session that is already open', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const session = {
      sessionId: newSessionId(),
      userId: 'usr_a',
      email: 'ada@company.test',
      deviceId: 'dev_a',
      deviceKey: 'key_of_dev_a',
      generation: 0,
      amr: ['email' as const],
      openedAtMs: unixMs(NOW * 1000),
    }
    const how = {
      sealedJwt: 'sealed',
      sourceFlow: 'email',
      caller: { ipAddress: '192.0.2.1', userAgent: '' },
    }
    const open = () => app.db.transact({ session: openSession(config, session, how, NOW) })
    expect(await open()).toEqual({})
    await app.db.update(rotateSession(config, session, 'next', NOW))
    expect((await open()).refused?.session?.row).toMatchObject({ generation: 1 })
  })
})
