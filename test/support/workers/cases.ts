/** Every combination of the given members: `{a: [1, 2], b: [3]}` makes `{a: 1, b: 3}` and `{a: 2, b: 3}`. */
export function combinations<T extends Record<string, readonly unknown[]>>(
  members: T,
): { [Name in keyof T]: T[Name][number] }[] {
  return Object.entries(members).reduce<Record<string, unknown>[]>(
    (made, [name, values]) =>
      made.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  ) as { [Name in keyof T]: T[Name][number] }[]
}

/** Does something for each of many, sixteen at a time. */
export async function forEach<T>(
  items: readonly T[],
  act: (item: T, index: number) => Promise<void>,
) {
  let next = 0
  const runner = async () => {
    for (let i = next++; i < items.length; i = next++) await act(items[i]!, i)
  }
  await Promise.all(Array.from({ length: 16 }, runner))
}
