import { gzipSync } from 'node:zlib'
import { EMPTY, type Build } from '../builds.ts'
import { Samples, type Figure } from '../figures.ts'
import { startMailbox } from '../mailbox.ts'
import { inOrder, startBuilds, stopAll } from '../running.ts'
import { serve, type Served } from '../serve.ts'
import { quantile } from '../stats.ts'
import { startStore } from '../store.ts'
import { FLOWS } from '../visitors/visitor.ts'

/**
 * The size of a bundle, and the CPU time of a new isolate:
 * - start-up: from the start of workerd to its first response, minus the median of an empty Worker;
 * - first flow: `ask`, or the first flow that the build has. It includes all that is made at its first use, such as
 *   keys and the configuration.
 */
export async function measureStartup(
  builds: readonly Build[],
  size: { rounds: number },
): Promise<Figure[]> {
  const samples = new Samples()
  for (const { name: build, bundle } of builds) {
    samples.add({ measure: 'bundle', unit: 'KiB', build }, bundle.length / 1024)
    const gzip = gzipSync(bundle, { level: 9 }).length / 1024
    samples.add({ measure: 'bundle, gzip', unit: 'KiB', build }, gzip)
  }

  const empty: number[] = []
  for (let round = 0; round < size.rounds; round++) {
    const served = await serve(EMPTY, {})
    empty.push(served.cpuMicros())
    await served.stop()
  }
  const base = quantile(empty, 0.5)

  const [store, mailbox] = await Promise.all([startStore(), startMailbox()])
  // In the first round OpenAuth makes its keys and stores them.
  for (let round = -1; round < size.rounds; round++) {
    for (const build of inOrder(round, builds)) {
      const [running] = await startBuilds([build], store.endpoint, mailbox)
      const { served, name, visit } = running!
      const startUp = served.cpuMicros() - base
      await served.untilIdle()
      const visitor = visit()
      const flow = FLOWS.find((one) => visitor[one])!
      const first = await cpuMicros(served, async () => {
        await visitor[flow]!()
        await visitor.receive?.()
      })
      if (round >= 0) {
        samples.add({ measure: 'start-up', unit: 'ms', build: name }, startUp / 1000)
        samples.add({ measure: 'first flow', unit: 'ms', build: name }, first / 1000)
      }
      await served.stop()
    }
  }
  await stopAll([store, mailbox])
  return samples.figures()
}

async function cpuMicros(served: Served, work: () => Promise<void>): Promise<number> {
  const before = served.cpuMicros()
  await work()
  await served.untilIdle()
  return served.cpuMicros() - before
}
