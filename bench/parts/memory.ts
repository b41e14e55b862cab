import type { Build } from '../builds.ts'
import { Samples, type Figure } from '../figures.ts'
import { withStandIns } from '../running.ts'
import { FLOWS } from '../visitors/visitor.ts'
import { together } from './load.ts'

const CONCURRENCY = 4
/** The memory is read after each of this many parts of the requests. */
const PARTS = 10

/**
 * The memory of workerd (its resident set) at the start and while it answers many requests, of all flows. A Worker
 * that keeps something for each request grows to the end.
 */
export async function measureMemory(
  builds: readonly Build[],
  size: { requests: number },
): Promise<Figure[]> {
  const samples = new Samples()
  for (const build of builds) {
    const each = Object.values(build.requests).reduce((sum, count) => sum + count, 0)
    const people = Math.ceil(size.requests / PARTS / each)
    await withStandIns([build], async ([running]) => {
      const { name, served, visit } = running!
      const add = (at: number): void =>
        samples.add({ measure: 'memory', unit: 'MiB', build: name, at }, served.memoryMib())
      add(0)
      for (let part = 1; part <= PARTS; part++) {
        const visitors = Array.from({ length: people }, visit)
        const { done } = await together(visitors, CONCURRENCY, async (visitor) => {
          for (const flow of FLOWS) {
            await visitor[flow]?.()
            if (flow === 'ask') await visitor.receive?.()
          }
        })
        if (done.length < people) throw new Error(`${people - done.length} people failed`)
        await served.untilIdle()
        add((part * size.requests) / PARTS)
      }
    })
  }
  return samples.figures()
}
