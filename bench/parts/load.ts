import type { Build } from '../builds.ts'
import { Samples, type Figure } from '../figures.ts'
import { inOrder, withStandIns } from '../running.ts'
import { quantile, timed } from '../stats.ts'
import { FLOWS, type Visitor } from '../visitors/visitor.ts'

const CONCURRENCIES = [1, 16, 64]

/**
 * What one workerd does when 1, 16 and 64 people use it at a time: flows a second, how long one takes, and how many
 * fail. The store responds at once, so the Worker is the limit, together with the client, which runs on the same
 * machine. A person whose flow failed does nothing more.
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
          for (const run of runs) {
            if (!run.visitors[0]![flow]) continue
            const { seconds, times, done } = await together(run.visitors, at, (one) => one[flow]!())
            if (flow === 'ask') await Promise.all(done.map((visitor) => visitor.receive!()))
            await run.served.untilIdle()
            const failed = 100 * (1 - done.length / run.visitors.length)
            run.visitors = done
            if (round < 0) continue
            const about = { build: run.name, flow, at }
            samples.add({ ...about, measure: 'throughput', unit: '/s' }, done.length / seconds)
            for (const p of [50, 95]) {
              const ms = quantile(times, p / 100)
              samples.add({ ...about, measure: `time p${p}`, unit: 'ms' }, ms)
            }
            samples.add({ ...about, measure: 'failed', unit: '%' }, failed)
          }
        }
      }
    }
    return samples.figures()
  })
}

/**
 * Lets `concurrency` visitors act at a time, until all have. @returns the times of those that succeeded, and who they
 * are. @throws if all fail.
 */
export async function together(
  visitors: readonly Visitor[],
  concurrency: number,
  act: (visitor: Visitor) => Promise<void>,
): Promise<{ seconds: number; times: number[]; done: Visitor[] }> {
  const waiting = visitors.values()
  const times: number[] = []
  const done: Visitor[] = []
  const errors: unknown[] = []
  const ms = await timed(() =>
    Promise.all(
      Array.from({ length: concurrency }, async () => {
        for (const visitor of waiting) {
          try {
            times.push(await timed(() => act(visitor)))
            done.push(visitor)
          } catch (error) {
            errors.push(error)
          }
        }
      }),
    ),
  )
  if (done.length === 0) throw errors[0]
  return { seconds: ms / 1000, times, done }
}
