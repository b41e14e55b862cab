/** Makes a value at its first use. A Worker pays for what its modules make at every start of an isolate. */
export function lazily<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
