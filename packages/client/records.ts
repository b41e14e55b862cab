import type { ClientContext } from './context.ts'
import { LatchkeyError } from './error.ts'

/** @returns null if nothing is stored, or if it is not JSON. @throws LatchkeyError `storage`. */
export async function readRecord<T>(ctx: ClientContext, key: string): Promise<T | null> {
  const text = await stored(() => ctx.storage.get(key))
  try {
    return JSON.parse(text ?? 'null') as T | null
  } catch {
    return null
  }
}

export const writeRecord = (ctx: ClientContext, key: string, record: unknown): Promise<unknown> =>
  stored(() => ctx.storage.set(key, JSON.stringify(record)))

export const deleteRecord = (ctx: ClientContext, key: string): Promise<unknown> =>
  stored(() => ctx.storage.delete(key))

async function stored<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new LatchkeyError('storage', { cause })
  }
}
