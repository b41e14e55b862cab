import { deviceKeyOf, newKeyPair, type DeviceKey, type KeyStore } from './keys.ts'

/** As much of IndexedDB as is used here, for platforms whose types do not know it. */
type Asked<T> = {
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
      get: (key: string) => Asked<CryptoKeyPair | undefined>
      add: (value: CryptoKeyPair, key: string) => Asked<unknown>
    }
  }
}
type Factory = { open: (name: string) => Asked<Database> }

const factory = () => (globalThis as { indexedDB?: Factory }).indexedDB

export const hasIndexedDb = (): boolean => factory() !== undefined

/** A browser's key: made once an origin, kept in IndexedDB, and no script can copy it out. */
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
  const kept = () => done(store('readonly').get('dpop'))
  try {
    let pair = await kept()
    if (pair === undefined) {
      const made = await newKeyPair()
      // Another tab may have been faster: then `add` fails, and its key counts.
      await done(store('readwrite').add(made, 'dpop')).catch(() => {})
      pair = await kept()
    }
    if (pair === undefined) throw new Error('the key was not kept')
    return await deviceKeyOf(pair)
  } finally {
    db.close()
  }
}

const done = <T>(asked: Asked<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    asked.addEventListener('success', () => resolve(asked.result))
    asked.addEventListener('error', () => reject(asked.error))
  })
