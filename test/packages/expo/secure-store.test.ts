import { describe, expect, it } from 'vitest'
import { secureStoreStorage } from '../../../packages/expo/secure-store.ts'
import {
  AFTER_FIRST_UNLOCK_THIS_DEVICE_ONLY,
  standInSecureStore,
  WHEN_UNLOCKED,
  type StandInSecureStore,
} from '../../support/workers/secure-store.ts'

const KEY = 'latchkey.session'
const large = (mark: string) => JSON.stringify({ mark, text: 'ä€😀x'.repeat(600) })

/** An app before @latchkey/expo: the default service, with the default accessibility. */
const storedBefore = async (SecureStore: StandInSecureStore, value: string) =>
  SecureStore.setItemAsync(KEY, value)

describe('works', () => {
  it('stores, replaces and deletes, for this device only and readable while it is locked', async () => {
    const SecureStore = standInSecureStore()
    const storage = secureStoreStorage(SecureStore)
    expect(await storage.get(KEY)).toBeNull()
    await storage.set(KEY, '{"a":1}')
    await storage.set(KEY, '{"a":2}')
    SecureStore.locked = true
    expect(await storage.get(KEY)).toBe('{"a":2}')
    expect([...SecureStore.items]).toEqual([
      [`latchkey/${KEY}`, { value: '{"a":2}', accessible: AFTER_FIRST_UNLOCK_THIS_DEVICE_ONLY }],
    ])
    await storage.delete(KEY)
    expect(SecureStore.items.size).toBe(0)
    expect(await storage.get(KEY)).toBeNull()
  })

  it('moves what the app stored before to the right accessibility, and deletes the old item', async () => {
    const SecureStore = standInSecureStore()
    await storedBefore(SecureStore, 'old')
    expect(SecureStore.items.get(`app/${KEY}`)?.accessible).toBe(WHEN_UNLOCKED)
    expect(await secureStoreStorage(SecureStore).get(KEY)).toBe('old')
    expect([...SecureStore.items]).toEqual([
      [`latchkey/${KEY}`, { value: 'old', accessible: AFTER_FIRST_UNLOCK_THIS_DEVICE_ONLY }],
    ])
  })

  it('replaces and deletes an old item that was never read', async () => {
    const SecureStore = standInSecureStore()
    await storedBefore(SecureStore, 'old')
    await secureStoreStorage(SecureStore).set(KEY, 'new')
    expect([...SecureStore.items.keys()]).toEqual([`latchkey/${KEY}`])
    SecureStore.items.clear()
    await storedBefore(SecureStore, 'old')
    await secureStoreStorage(SecureStore).delete(KEY)
    expect(SecureStore.items.size).toBe(0)
  })

  it('stores a value of more than 2048 bytes in parts, and leaves none of them behind', async () => {
    const SecureStore = standInSecureStore()
    const storage = secureStoreStorage(SecureStore)
    for (const value of [large('1'), large('2'), '{}', large('3'), large('4')]) {
      await storage.set(KEY, value)
      expect(await secureStoreStorage(SecureStore).get(KEY)).toBe(value)
    }
    const count = SecureStore.items.size
    await storage.set(KEY, large('5'))
    expect(SecureStore.items.size).toBe(count)
    await storage.set(KEY, '{}')
    expect(SecureStore.items.size).toBe(1)
    await storage.set(KEY, large('6'))
    await storage.delete(KEY)
    expect(SecureStore.items.size).toBe(0)
  })

  it('splits between characters, and puts as much into an item as it holds', async () => {
    const SecureStore = standInSecureStore()
    const value = 'é'.repeat(1024) + 'x'.repeat(2047) + '😀'
    await secureStoreStorage(SecureStore).set(KEY, value)
    const sizes = [...SecureStore.items.values()].map(
      ({ value }) => new TextEncoder().encode(value).length,
    )
    expect(sizes).toEqual([2048, 2047, 4, 'latchkey-parts:a:3'.length])
    expect(await secureStoreStorage(SecureStore).get(KEY)).toBe(value)
  })

  it('gives each reader one whole value while others write', async () => {
    const SecureStore = standInSecureStore()
    const { getItemAsync } = SecureStore
    // A reader that is slower than the writers sees parts of several values, unless they wait for it.
    SecureStore.getItemAsync = async (key, options) => {
      if (key !== KEY) await new Promise((resolve) => setTimeout(resolve, 3))
      return getItemAsync(key, options)
    }
    const storage = secureStoreStorage(SecureStore)
    const values = ['1', '2', '3', '4'].map(large)
    await storage.set(KEY, values[0]!)
    const work = values.flatMap((value) => [storage.get(KEY), storage.set(KEY, value)])
    const reads = (await Promise.all(work)).filter((read) => read !== undefined)
    expect(reads).toEqual(values.map((_, index) => values[Math.max(0, index - 1)]))
  })
})

describe('refuses', () => {
  it('a value of more than 32 KiB, and keeps the old one', async () => {
    const storage = secureStoreStorage(standInSecureStore())
    await storage.set(KEY, 'old')
    await expect(storage.set(KEY, 'x'.repeat(2048 * 16 + 1))).rejects.toThrow('too large')
    expect(await storage.get(KEY)).toBe('old')
  })

  it('to call an old item absent while the phone is locked', async () => {
    const SecureStore = standInSecureStore()
    await storedBefore(SecureStore, 'old')
    SecureStore.locked = true
    const storage = secureStoreStorage(SecureStore)
    await expect(storage.get(KEY)).rejects.toThrow('not allowed')
    SecureStore.locked = false
    expect(await storage.get(KEY)).toBe('old')
  })
})

describe('withstands', () => {
  /** Runs `work` and kills the app before each of its writes in turn. */
  async function killedAtEachWrite(
    prepare: (SecureStore: StandInSecureStore) => Promise<void>,
    work: (SecureStore: StandInSecureStore) => Promise<unknown>,
    check: (SecureStore: StandInSecureStore) => Promise<void>,
  ): Promise<number> {
    for (let kills = 0; ; kills++) {
      const SecureStore = standInSecureStore()
      await prepare(SecureStore)
      SecureStore.killedBefore = SecureStore.writes + kills + 1
      const finished = await work(SecureStore).then(
        () => true,
        () => false,
      )
      SecureStore.killedBefore = null
      await check(SecureStore)
      if (finished) return kills
    }
  }

  it.each([
    ['a large value by a large one', large('1'), large('2')],
    ['a large value by a small one', large('1'), '{}'],
    ['a small value by a large one', '{}', large('2')],
  ])('the end of the app at any moment while it replaces %s', async (_, before, after) => {
    const seen = new Set<string | null>()
    const kills = await killedAtEachWrite(
      (SecureStore) => secureStoreStorage(SecureStore).set(KEY, before),
      (SecureStore) => secureStoreStorage(SecureStore).set(KEY, after),
      async (SecureStore) => {
        const read = await secureStoreStorage(SecureStore).get(KEY)
        expect([before, after]).toContain(read)
        seen.add(read)
        await secureStoreStorage(SecureStore).delete(KEY)
        expect(SecureStore.items.size).toBe(0)
      },
    )
    expect(kills).toBeGreaterThan(1)
    expect(seen.size).toBe(2)
  })

  it('the end of the app at any moment while it moves an old item', async () => {
    const kills = await killedAtEachWrite(
      (SecureStore) => storedBefore(SecureStore, 'old'),
      (SecureStore) => secureStoreStorage(SecureStore).get(KEY),
      async (SecureStore) => {
        expect(await secureStoreStorage(SecureStore).get(KEY)).toBe('old')
        expect([...SecureStore.items.keys()]).toEqual([`latchkey/${KEY}`])
      },
    )
    expect(kills).toBe(2)
  })

  it('the end of the app at any moment of a deletion: the old item does not come back', async () => {
    await killedAtEachWrite(
      async (SecureStore) => {
        await secureStoreStorage(SecureStore).set(KEY, 'new')
        await storedBefore(SecureStore, 'old')
      },
      (SecureStore) => secureStoreStorage(SecureStore).delete(KEY),
      async (SecureStore) => {
        expect(await secureStoreStorage(SecureStore).get(KEY)).not.toBe('old')
      },
    )
  })

  it('the loss of a part: the value is gone, and a new one can be stored', async () => {
    const SecureStore = standInSecureStore()
    const storage = secureStoreStorage(SecureStore)
    await storage.set(KEY, large('1'))
    SecureStore.items.delete(`latchkey/${KEY}.a.1`)
    expect(await storage.get(KEY)).toBeNull()
    await storage.set(KEY, large('2'))
    expect(await storage.get(KEY)).toBe(large('2'))
  })
})
