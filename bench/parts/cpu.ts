import type { Build } from '../builds.ts'
import { Samples, type Figure } from '../figures.ts'
import { inOrder, withStandIns } from '../running.ts'
import { FLOWS } from '../visitors/visitor.ts'

/** Requests of each flow before the first measured round. After these, V8 has compiled the code. */
const WARM_UP_REQUESTS = 300

/**
 * The CPU time that workerd spends on one flow, including the work after its response. People use a build one after
 * the other, and the time is counted until the process is idle again.
 */
export function measureCpu(
  builds: readonly Build[],
  size: { rounds: number; requests: number },
): Promise<Figure[]> {
  return withStandIns(builds, async (running) => {
    const samples = new Samples()
    const warmUpRounds = Math.ceil(WARM_UP_REQUESTS / size.requests)
    for (let round = -warmUpRounds; round < size.rounds; round++) {
      const runs = inOrder(round, running).map((build) => ({
        ...build,
        visitors: Array.from({ length: size.requests }, build.visit),
      }))
      // The builds run each flow directly after each other.
      for (const flow of FLOWS) {
        for (const { name, served, visitors } of runs) {
          if (!visitors[0]![flow]) continue
          const before = served.cpuMicros()
          for (const visitor of visitors) await visitor[flow]!()
          if (flow === 'ask') await Promise.all(visitors.map((visitor) => visitor.receive!()))
          await served.untilIdle()
          const micros = (served.cpuMicros() - before) / size.requests
          if (round >= 0) samples.add({ measure: 'cpu', unit: 'µs', build: name, flow }, micros)
        }
      }
    }
    return samples.figures()
  })
}
