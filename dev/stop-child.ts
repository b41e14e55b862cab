import type { ChildProcess } from 'node:child_process'

/** Asks a child process to end, and kills it when it has not ended in time. Resolves when it has ended. */
export async function stopChild(
  child: ChildProcess,
  ended: Promise<unknown>,
  patienceMs: number,
): Promise<void> {
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  await ended
  clearTimeout(timer)
}
