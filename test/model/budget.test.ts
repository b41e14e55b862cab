import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/base/config.ts'
import { TOKENS_TABLE } from '../../src/base/tables.ts'
import { unixMs } from '../../src/base/time.ts'
import { realWorld } from '../../src/base/world.ts'
import { createSeals } from '../../src/crypto/seal.ts'
import type { Update } from '../../src/dynamo/db.ts'
import type { Item } from '../../src/dynamo/items.ts'
import {
  budgetRetryAfter,
  clearExpression,
  networkIdOf,
  phoneIdOf,
  takeExpression,
  takePhoneSend,
  tookBudget,
  type Budget,
} from '../../src/model/budget.ts'
import { startLatchkey } from '../support/workers/latchkey.ts'

const T = 1_800_000_000_000
const BUDGET: Budget = { slot: 'tryAt', size: 3, windowMs: 1000, cooldownMs: 100 }
const newKey = () => ({ TableName: TOKENS_TABLE, Key: { tokenId: `tst_${crypto.randomUUID()}` } })

const take = (key: ReturnType<typeof newKey>, takeId: string, nowMs: number): Update<Item> => {
  const { set, condition, values } = takeExpression(BUDGET, takeId, unixMs(nowMs))
  return {
    Update: {
      ...key,
      UpdateExpression: `SET ${set}`,
      ConditionExpression: condition,
      ExpressionAttributeValues: values,
    },
  }
}

describe('works', () => {
  it('T64: is a sliding window, exact to the millisecond, and says when the next take is possible', async () => {
    const { db } = startLatchkey()
    const steps = fc.array(fc.constantFrom(0, 1, 98, 99, 100, 101, 399, 400, 799, 800, 1000), {
      minLength: 4,
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(steps, async (waits) => {
        const [key, taken] = [newKey(), [] as number[]]
        let now = T
        for (const [n, wait] of waits.entries()) {
          now += wait
          const free =
            now >= (taken.at(-1) ?? 0) + BUDGET.cooldownMs &&
            now >= (taken.at(-BUDGET.size) ?? 0) + BUDGET.windowMs
          const verdict = await db.update(take(key, `take_${n}`, now))
          expect(verdict.ok).toBe(free)
          if (free) taken.push(now)
          const freeAt = Math.max(
            taken.at(-1)! + BUDGET.cooldownMs,
            (taken.at(-BUDGET.size) ?? 0) + BUDGET.windowMs,
          )
          const seconds = budgetRetryAfter(verdict.row, BUDGET, unixMs(now))
          expect(seconds).toBe(Math.max(1, Math.ceil((freeAt - now) / 1000)))
        }
      }),
      { numRuns: 30 },
    )
  })

  it('T43: counts a repeated take once, and reports it as taken', async () => {
    const { db } = startLatchkey()
    const key = newKey()
    expect((await db.update(take(key, 'take_1', T))).ok).toBe(true)
    for (const later of [0, 1, 100, 5000]) {
      const again = await db.update(take(key, 'take_1', T + later))
      expect(again).toMatchObject({ ok: false, row: { tryAt1: T, tryAt2: 0 } })
      expect(tookBudget(again, BUDGET, 'take_1')).toBe(true)
      expect(tookBudget(again, BUDGET, 'take_2')).toBe(false)
    }
  })

  it('is full again after it is cleared', async () => {
    const { db } = startLatchkey()
    const key = newKey()
    for (const n of [1, 2, 3]) await db.update(take(key, `take_${n}`, T + n * 100))
    expect((await db.update(take(key, 'take_4', T + 400))).ok).toBe(false)
    const UpdateExpression = `REMOVE ${clearExpression(BUDGET)}`
    await db.update({ Update: { ...key, UpdateExpression } })
    expect((await db.update(take(key, 'take_5', T + 400))).ok).toBe(true)
  })
})

describe('withstands', () => {
  it('T64: two hundred concurrent takes: one succeeds', async () => {
    const { db } = startLatchkey()
    const key = newKey()
    const takes = Array.from({ length: 200 }, (_, n) => db.update(take(key, `take_${n}`, T)))
    expect((await Promise.all(takes)).filter(({ ok }) => ok)).toHaveLength(1)
  })

  it('T1: a dump of a phone row: it has no number, and trying all numbers does not find its id', async () => {
    const app = startLatchkey()
    const config = parseConfig(app.env)
    const [ours, theirs] = await Promise.all(
      [1, 2].map((id) =>
        createSeals([{ id, secret: realWorld.randomBytes(32), nbf: 0 }], realWorld),
      ),
    )
    const number = '+14155550100'
    const phoneId = await phoneIdOf(ours!, number)
    expect(phoneId).toMatch(/^phn_[A-Za-z0-9_-]{22}$/)
    expect(await phoneIdOf(ours!, number)).toBe(phoneId)
    expect(await phoneIdOf(ours!, '+14155550101')).not.toBe(phoneId)
    expect(await phoneIdOf(theirs!, number)).not.toBe(phoneId)
    const networkId = await networkIdOf(ours!, number)
    expect(networkId).toMatch(/^bud_[A-Za-z0-9_-]{22}$/)
    expect(networkId.slice(4)).not.toBe(phoneId.slice(4))
    const taken = await app.db.update(takePhoneSend(config, phoneId, 'take_1', unixMs(T)))
    expect(JSON.stringify(taken.row)).not.toContain('4155550100')
    expect(taken.row).toMatchObject({ tokenType: 'phone', expiresAt: T / 1000 + 2 * 86_400 })
  })
})
