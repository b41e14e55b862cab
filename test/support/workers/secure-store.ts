import type { SecureStoreModule } from '../../../packages/expo/secure-store.ts'

const DEFAULT_SERVICE = 'app'
/** The values that iOS uses are numbers of expo-secure-store's own. */
export const WHEN_UNLOCKED = 5
export const AFTER_FIRST_UNLOCK_THIS_DEVICE_ONLY = 1

export type Item = { value: string; accessible: number }

/**
 * Stands for expo-secure-store on iOS, as its Swift source behaves: an item's accessibility is set when it is added, an
 * update changes the value alone. It is stricter about sizes: it refuses what the documentation advises against.
 */
export type StandInSecureStore = SecureStoreModule & {
  /** `service/key` → item. */
  items: Map<string, Item>
  locked: boolean
  /** The app is killed before the write of this number, counted from 1. Null for never. */
  killedBefore: number | null
  writes: number
}

export function standInSecureStore(): StandInSecureStore {
  const items = new Map<string, Item>()
  const path = (key: string, service = DEFAULT_SERVICE) => {
    if (!/^[\w.-]+$/.test(key)) throw new Error('Invalid key provided to SecureStore.')
    return `${service}/${key}`
  }
  const guard = (item: Item | undefined) => {
    if (self.locked && item?.accessible === WHEN_UNLOCKED) {
      throw new Error('User interaction is not allowed.')
    }
  }
  const beforeWrite = () => {
    self.writes++
    if (self.writes === self.killedBefore) throw new Error('the app was killed')
  }
  const self: StandInSecureStore = {
    AFTER_FIRST_UNLOCK_THIS_DEVICE_ONLY,
    items,
    locked: false,
    killedBefore: null,
    writes: 0,
    async getItemAsync(key, options = {}) {
      const item = items.get(path(key, options.keychainService))
      guard(item)
      return item?.value ?? null
    },
    async setItemAsync(key, value, options = {}) {
      if (typeof value !== 'string') throw new Error('Invalid value provided to SecureStore.')
      if (new TextEncoder().encode(value).length > 2048) throw new Error('The value is too large.')
      const at = path(key, options.keychainService)
      const before = items.get(at)
      guard(before)
      beforeWrite()
      const accessible = before?.accessible ?? options.keychainAccessible ?? WHEN_UNLOCKED
      items.set(at, { value, accessible })
    },
    async deleteItemAsync(key, options = {}) {
      const at = path(key, options.keychainService)
      beforeWrite()
      items.delete(at)
    },
  }
  return self
}
