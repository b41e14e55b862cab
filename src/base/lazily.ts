/** Creates a value at its first use. An isolate pays at every start for values that its modules create. */
export function lazily<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
