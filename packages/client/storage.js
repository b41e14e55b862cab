/** Gone with the process: for tests and for tools. */
export function memoryStorage() {
  const items = new Map()
  return {
    get: async (key) => items.get(key),
    set: async (key, value) => items.set(key, value),
    delete: async (key) => items.delete(key),
  }
}
/** `localStorage` or `sessionStorage`. */
export const webStorage = (items) => ({
  get: async (key) => items.getItem(key),
  set: async (key, value) => items.setItem(key, value),
  delete: async (key) => items.removeItem(key),
})
