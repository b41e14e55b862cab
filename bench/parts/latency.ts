import { setTimeout as sleep } from 'node:timers/promises'
import { startDynamoDBLocal } from '../../dev/dynamodb-local.ts'
import { startFaultProxy } from '../../dev/fault-proxy.ts'
import type { Call } from '../../dev/fault-rules.ts'
import { freePort } from '../../dev/ports.ts'
import type { Build } from '../builds.ts'
import { Samples, type Figure } from '../figures.ts'
import { startMailbox } from '../mailbox.ts'
import { inOrder, startBuilds, stopAll, type Running } from '../running.ts'
import { roundTrips, timed } from '../stats.ts'
import { createTables } from '../tables.ts'
import { FLOWS } from '../visitors/visitor.ts'

const DELAYS_MS = [0, 80, 200]
/** Long enough that calls in parallel overlap on a busy machine. */
const COUNTING_DELAY_MS = 200
const SCENARIO = 'bench'

/**
 * How long a person waits for each flow, one at a time, when DynamoDB is 0, 80 and 200 ms away: real DynamoDB Local,
 * behind a proxy that delays each call. Also the calls to DynamoDB, and how many of them follow one another before the
 * response.
 */
export async function measureLatency(
  builds: readonly Build[],
  size: { rounds: number },
): Promise<Figure[]> {
  const database = await startDynamoDBLocal({ port: await freePort() })
  // OpenAuth reads the service that it signs for from Amazon's host name.
  const proxy = await startFaultProxy(database.endpoint, { anySignature: true })
  const mailbox = await startMailbox()
  let running: Running[] = []
  try {
    await createTables(database.endpoint)
    running = await startBuilds(builds, `${proxy.endpoint}/${SCENARIO}`, mailbox)
    const samples = new Samples()
    const control = `${proxy.endpoint}/_control/${SCENARIO}`
    // Without a delay first: it warms up.
    await visitAll(running, new Samples(), { control, rounds: 2, delayMs: 0 })
    await countCalls(running, samples, control)
    for (const delayMs of DELAYS_MS)
      await visitAll(running, samples, { control, rounds: size.rounds, delayMs })
    return samples.figures()
  } finally {
    await stopAll([...running.map(({ served }) => served), mailbox, proxy, database])
  }
}

/** In each round, one new person uses each build. */
async function visitAll(
  running: readonly Running[],
  samples: Samples,
  { control, rounds, delayMs }: { control: string; rounds: number; delayMs: number },
): Promise<void> {
  await delay(control, delayMs)
  for (let round = 0; round < rounds; round++) {
    for (const { name, visit } of inOrder(round, running)) {
      const visitor = visit()
      for (const flow of FLOWS) {
        const act = visitor[flow]
        if (!act) continue
        const ms = await timed(act)
        samples.add({ measure: 'latency', unit: 'ms', build: name, flow, at: delayMs }, ms)
        if (flow === 'ask') await visitor.receive!()
      }
    }
  }
}

async function countCalls(
  running: readonly Running[],
  samples: Samples,
  control: string,
): Promise<void> {
  for (const { name, visit } of running) {
    const visitor = visit()
    for (const flow of FLOWS) {
      const act = visitor[flow]
      if (!act) continue
      await delay(control, COUNTING_DELAY_MS)
      await act()
      const respondedAt = Date.now()
      // The work after the response calls DynamoDB, too.
      await sleep(2 * COUNTING_DELAY_MS)
      const { calls } = (await (await fetch(control)).json()) as { calls: Call[] }
      const before = calls.map(({ at }) => at).filter((at) => at < respondedAt)
      const about = { build: name, flow, unit: '' }
      samples.add({ ...about, measure: 'calls' }, calls.length)
      samples.add({ ...about, measure: 'calls before the response' }, before.length)
      samples.add({ ...about, measure: 'round trips' }, roundTrips(before, COUNTING_DELAY_MS))
      if (flow === 'ask') await visitor.receive!()
    }
  }
}

/** Sets the delay, and forgets the calls. */
async function delay(control: string, delayMs: number): Promise<void> {
  await fetch(control, { method: 'DELETE' })
  const rules = JSON.stringify(delayMs > 0 ? [{ fault: 'slow', delayMs }] : [])
  await fetch(control, { method: 'PUT', body: rules })
}
