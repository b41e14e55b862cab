import * as fc from 'fast-check'
import { complaintsAbout } from './checks/all.ts'
import { hostileRequest } from './generate/request.ts'
import type { HostileRequest } from './request.ts'
import type { HostileWorkers } from './workers.ts'

/** So many requests are on their way at once. */
const AT_ONCE = 48

/** A request that was answered wrongly. */
type Wrong = { index: number; request: HostileRequest; complaints: string[] }

/** Sends requests until one is answered wrongly. */
export async function firstWrong(
  workers: HostileWorkers,
  requests: readonly HostileRequest[],
): Promise<Wrong | null> {
  for (let from = 0; from < requests.length; from += AT_ONCE) {
    const batch = requests.slice(from, from + AT_ONCE)
    const observed = await workers.send(batch)
    for (const [i, one] of observed.entries()) {
      if (one === null) continue
      const complaints = await complaintsAbout(batch[i]!, one)
      if (complaints.length > 0) return { index: from + i, request: batch[i]!, complaints }
    }
  }
  return null
}

export const described = ({ request, complaints }: Omit<Wrong, 'index'>): string =>
  `${complaints.join('\n')}\n${JSON.stringify(request, null, 2)}`

/** @throws Error for the first request that is answered wrongly. */
export async function expectAllWell(
  workers: HostileWorkers,
  requests: readonly HostileRequest[],
): Promise<void> {
  const wrong = await firstWrong(workers, requests)
  if (wrong !== null) throw new Error(described(wrong))
}

/**
 * Sends generated requests. @throws Error for the first one that is answered wrongly, with the smallest request that
 * fast-check finds for it.
 */
export async function expectGeneratedWell(
  workers: HostileWorkers,
  seed: number,
  numRuns: number,
): Promise<void> {
  const wrong = await firstWrong(workers, fc.sample(hostileRequest, { seed, numRuns }))
  if (wrong === null) return
  let smallest: Omit<Wrong, 'index'> = wrong
  const property = fc.asyncProperty(hostileRequest, async (request) => {
    const found = await firstWrong(workers, [request])
    if (found !== null) smallest = found
    return found === null
  })
  await fc.check(property, { seed, path: String(wrong.index), numRuns: 1, maxSkipsPerRun: 0 })
  throw new Error(`seed ${seed}, request ${wrong.index}:\n${described(smallest)}`)
}
