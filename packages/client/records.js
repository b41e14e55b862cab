import { LatchkeyError } from './error.ts'
/** @returns null for nothing, and for what was damaged. */
export async function readRecord(ctx, key) {
  const text = await kept(() => ctx.storage.get(key))
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}
export const writeRecord = (ctx, key, record) =>
  kept(() => ctx.storage.set(key, JSON.stringify(record)))
export const deleteRecord = (ctx, key) => kept(() => ctx.storage.delete(key))
async function kept(work) {
  try {
    return await work()
  } catch (cause) {
    throw new LatchkeyError('storage', { cause })
  }
}
