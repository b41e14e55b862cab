import { useState } from 'react'
import { messageOf } from '../messages'

/** Runs one thing at a time, and keeps the text of its error until the next run. */
export function useAction() {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const run = (work: () => Promise<unknown>): void => {
    if (busy) return
    setBusy(true)
    setProblem(null)
    work()
      .catch((error: unknown) => setProblem(messageOf(error)))
      .finally(() => setBusy(false))
  }
  return { busy, problem, run }
}
