import { deviceKeyOf, newKeyPair } from './keys.ts'
const factory = () => globalThis.indexedDB
export const hasIndexedDb = () => factory() !== undefined
/** A browser's key: made once an origin, kept in IndexedDB, and no script can copy it out. */
export function indexedDbKeys(name = 'latchkey') {
  let key
  return {
    getKey() {
      key ??= open(name).catch((error) => {
        key = undefined
        throw error
      })
      return key
    },
  }
}
async function open(name) {
  const opening = factory().open(name)
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore('keys'))
  const db = await done(opening)
  const store = (mode) => db.transaction('keys', mode).objectStore('keys')
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
const done = (asked) =>
  new Promise((resolve, reject) => {
    asked.addEventListener('success', () => resolve(asked.result))
    asked.addEventListener('error', () => reject(asked.error))
  })
