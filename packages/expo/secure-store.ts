import type { Storage } from './client-types.ts'
import { headOf, MAX_PARTS, partName, partsOf, splitValue, type PartSet } from './parts.ts'

/** The part of expo-secure-store that is used. */
export type SecureStoreModule = {
  AFTER_FIRST_UNLOCK_THIS_DEVICE_ONLY: number
  getItemAsync: (key: string, options?: SecureStoreOptions) => Promise<string | null>
  setItemAsync: (key: string, value: string, options?: SecureStoreOptions) => Promise<void>
  deleteItemAsync: (key: string, options?: SecureStoreOptions) => Promise<void>
}
type SecureStoreOptions = { keychainService?: string; keychainAccessible?: number }

/**
 * A storage in the Keychain of iOS, and on Android under a key of the Keystore. The app can read it while the phone is
 * locked, once the phone was unlocked after its start. No backup brings it to another phone.
 *
 * iOS sets the accessibility of an item when it is added, and expo-secure-store up to 57.0.4 does not change it
 * afterwards. So the items are in a keychain service of their own, where each was added with this accessibility. What
 * the app stored in the default service before is moved there.
 */
export function secureStoreStorage(
  SecureStore: SecureStoreModule,
  { keychainService = 'latchkey' }: { keychainService?: string } = {},
): Storage {
  const options: SecureStoreOptions = {
    keychainService,
    keychainAccessible: SecureStore.AFTER_FIRST_UNLOCK_THIS_DEVICE_ONLY,
  }
  const read = (name: string) => SecureStore.getItemAsync(name, options)
  const write = (name: string, value: string) => SecureStore.setItemAsync(name, value, options)
  const remove = (name: string) => SecureStore.deleteItemAsync(name, options)
  const inTurn = newTurns()

  /** The keys whose item in the default service is known to be gone. */
  const moved = new Set<string>()
  async function removeOld(key: string): Promise<void> {
    if (moved.has(key)) return
    await SecureStore.deleteItemAsync(key)
    moved.add(key)
  }

  /** From the last to the first, so that a crash leaves parts that are found again. */
  async function removeParts(key: string, set: PartSet): Promise<void> {
    let count = 0
    while (count < MAX_PARTS && (await read(partName(key, set, count))) !== null) count++
    while (count > 0) await remove(partName(key, set, --count))
  }

  async function get(key: string): Promise<string | null> {
    const head = await read(key)
    if (head === null) {
      if (moved.has(key)) return null
      const old = await SecureStore.getItemAsync(key)
      if (old !== null) await set(key, old)
      return old
    }
    await removeOld(key)
    const parts = partsOf(head)
    if (parts === null) return head
    const values: string[] = []
    for (let index = 0; index < parts.count; index++) {
      const value = await read(partName(key, parts.set, index))
      // A part that is gone does not come back. The client then begins anew, as with an empty storage.
      if (value === null) return null
      values.push(value)
    }
    return values.join('')
  }

  /** The write of the head replaces the value: before it a reader gets the old value, after it the new one. */
  async function set(key: string, value: string): Promise<void> {
    const values = splitValue(value)
    const before = partsOf(await read(key))
    if (values.length === 1) {
      await write(key, value)
    } else {
      const next = { set: before?.set === 'a' ? 'b' : 'a', count: values.length } as const
      for (const [index, one] of values.entries()) await write(partName(key, next.set, index), one)
      await write(key, headOf(next))
    }
    if (before) await removeParts(key, before.set)
    await removeOld(key)
  }

  return {
    get: (key) => inTurn(() => get(key)),
    set: (key, value) => inTurn(() => set(key, value)),
    delete: (key) =>
      inTurn(async () => {
        // The old item first: one that outlived the new item would be moved again.
        await removeOld(key)
        await remove(key)
        await removeParts(key, 'a')
        await removeParts(key, 'b')
      }),
  }
}

/** One call after the other: a reader must not see parts of two values. */
function newTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
}
