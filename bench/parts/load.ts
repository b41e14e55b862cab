import type { Build } from '../builds.ts'
import { Samples, type Figure } from '../figures.ts'
import { inOrder, withStandIns } from '../running.ts'
import { quantile, timed } from '../stats.ts'
import { FLOWS, type Visitor } from '../visitors/visitor.ts'

const CONCURRENCIES = [1, 16, 64]

/**
 * What one workerd does when 1, 16 and 64 people use it at a time: flows a second, and how long one takes. The store
 * responds at once, so the Worker is the limit, together with the client, which runs on the same machine.
 */
export function measureLoad(
  builds: readonly Build[],
  size: { rounds: number; requests: number },
): Promise<Figure[]> {
  return withStandIns(builds, async (running) => {
    const samples = new Samples()
    // The first round only warms up.
    for (let round = -1; round < size.rounds; round++) {
      for (const at of CONCURRENCIES) {
        const runs = inOrder(round, running).map((build) => ({
          ...build,
          visitors: Array.from({ length: size.requests }, build.visit),
        }))
        for (const flow of FLOWS) {
          for (const { name, served, visitors } of runs) {
            if (!visitors[0]![flow]) continue
            const { seconds, times } = await together(visitors, at, (one) => one[flow]!())
            if (flow === 'ask') await Promise.all(visitors.map((visitor) => visitor.receive!()))
            await served.untilIdle()
            if (round < 0) continue
            const about = { build: name, flow, at }
            const perSecond = visitors.length / seconds
            samples.add({ ...about, measure: 'throughput', unit: '/s' }, perSecond)
            for (const p of [50, 95]) {
              const ms = quantile(times, p / 100)
              samples.add({ ...about, measure: `time p${p}`, unit: 'ms' }, ms)
            }
          }
        }
      }
    }
    return samples.figures()
  })
}

/** Lets `concurrency` visitors act at a time, until all have. */
export async function together(
  visitors: readonly Visitor[],
  concurrency: number,
  act: (visitor: Visitor) => Promise<void>,
): Promise<{ seconds: number; times: number[] }> {
  const waiting = visitors.values()
  const times: number[] = []
  const ms = await timed(() =>
    Promise.all(
      Array.from({ length: concurrency }, async () => {
        for (const visitor of waiting) times.push(await timed(() => act(visitor)))
      }),
    ),
  )
  return { seconds: ms / 1000, times }
}
