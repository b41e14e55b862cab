import { deviceKeyOf, newKeyPair, type DeviceKey, type KeyStore } from './keys.ts'

/** The part of IndexedDB that is used here, because React Native's types do not have it. */
type DbRequest<T> = {
  result: T
  error: unknown
  addEventListener: (type: string, listener: () => void) => void
}
type Database = {
  createObjectStore: (name: string) => unknown
  close: () => void
  transaction: (
    name: string,
    mode: 'readonly' | 'readwrite',
  ) => {
    objectStore: (name: string) => {
      get: (key: string) => DbRequest<CryptoKeyPair | undefined>
      add: (value: CryptoKeyPair, key: string) => DbRequest<unknown>
    }
  }
}
type Factory = { open: (name: string) => DbRequest<Database> }

const factory = () => (globalThis as { indexedDB?: Factory }).indexedDB

export const hasIndexedDb = (): boolean => factory() !== undefined

/** A browser's key, one per origin, stored in IndexedDB. No script can export it. */
export function indexedDbKeys(name = 'latchkey'): KeyStore {
  let key: Promise<DeviceKey> | undefined
  return {
    getKey() {
      key ??= open(name).catch((error: unknown) => {
        key = undefined
        throw error
      })
      return key
    },
  }
}

async function open(name: string): Promise<DeviceKey> {
  const opening = factory()!.open(name)
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore('keys'))
  const db = await done(opening)
  const store = (mode: 'readonly' | 'readwrite') => db.transaction('keys', mode).objectStore('keys')
  const stored = () => done(store('readonly').get('dpop'))
  try {
    let pair = await stored()
    if (pair === undefined) {
      const made = await newKeyPair()
      // If another tab stored its key first, `add` fails, and the stored key must be used.
      await done(store('readwrite').add(made, 'dpop')).catch(() => {})
      pair = await stored()
    }
    if (pair === undefined) throw new Error('the key was not stored')
    return await deviceKeyOf(pair)
  } finally {
    db.close()
  }
}

const done = <T>(request: DbRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error))
  })
