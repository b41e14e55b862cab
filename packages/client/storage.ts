/** Where the app stores secrets: Keychain, Keystore, SecureStore. `set` must be atomic. */
export type LatchkeyStorage = {
  get: (key: string) => Promise<string | null | undefined>
  set: (key: string, value: string) => Promise<unknown>
  delete: (key: string) => Promise<unknown>
}

/** Lasts as long as the process: for tests and tools. */
export function memoryStorage(): LatchkeyStorage {
  const items = new Map<string, string>()
  return {
    get: async (key) => items.get(key),
    set: async (key, value) => items.set(key, value),
    delete: async (key) => items.delete(key),
  }
}

type WebStorage = {
  getItem: (key: string) => string | null
  setItem: (key: string, value: string) => void
  removeItem: (key: string) => void
}

/** `localStorage` or `sessionStorage`. */
export const webStorage = (items: WebStorage): LatchkeyStorage => ({
  get: async (key) => items.getItem(key),
  set: async (key, value) => items.setItem(key, value),
  delete: async (key) => items.removeItem(key),
})
