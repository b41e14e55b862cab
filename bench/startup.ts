import { bundles, sizes, type Bundles } from './bundles.ts'
import { startMailbox } from './mailbox.ts'
import { readOptions } from './options.ts'
import { ask, newPeople } from './person.ts'
import { serve, type Served } from './serve.ts'
import { expectStatus, quantile, ratios, spread } from './stats.ts'
import { startStore } from './store.ts'
import { benchVars } from './vars.ts'

/**
 * Measures the CPU time of a new isolate, in alternating rounds:
 * - start-up: from the start of workerd to its first response, minus the median of an empty Worker;
 * - first request: `GET /v1/session` without a token. Latchkey reads its configuration for it. The empty Worker and
 *   the floor do nothing for it, so their figure is the cost of any first request;
 * - first ask: the next request, which makes and emails a link. It includes what Latchkey creates at its first use.
 */
const { against, rounds } = readOptions({ rounds: 25, requests: 1 })

const [store, mailbox] = await Promise.all([startStore(), startMailbox()])
const vars = await benchVars({ dynamodb: store.endpoint, ses: mailbox.endpoint })
const built = await bundles(against)
const names = Object.keys(built) as (keyof Bundles)[]

/** Milliseconds of CPU, one figure for each round. */
type Spent = { start: number[]; first: number[]; ask: number[] }
const nothing = (): Spent => ({ start: [], first: [], ask: [] })
const spent: Record<keyof Bundles, Spent> = {
  empty: nothing(),
  floor: nothing(),
  latchkey: nothing(),
  against: nothing(),
}
const FIRST_STATUS = { empty: 200, floor: 404, latchkey: 401, against: 401 }

for (let round = 0; round < rounds; round++) {
  for (const name of round % 2 === 0 ? names : names.toReversed()) {
    const served = await serve(built[name]!, vars)
    spent[name].start.push(served.cpuMicros() / 1000)
    await served.untilIdle()
    const first = await cpuMs(served, async () => {
      const response = await fetch(`${served.origin}/v1/session`)
      await (await expectStatus(response, FIRST_STATUS[name])).arrayBuffer()
    })
    spent[name].first.push(first)
    if (name === 'latchkey' || name === 'against') {
      const [person] = newPeople(1)
      const asked = await cpuMs(served, async () => {
        await ask(served.origin, person!)
        await mailbox.linkTokenFor(person!.email)
      })
      spent[name].ask.push(asked)
    }
    await served.stop()
  }
}
await Promise.all([store.stop(), mailbox.stop()])

async function cpuMs(served: Served, work: () => Promise<void>): Promise<number> {
  const before = served.cpuMicros()
  await work()
  await served.untilIdle()
  return (served.cpuMicros() - before) / 1000
}

console.log(sizes(built))
console.log(`CPU of a new isolate: median (quartiles) of ${rounds} rounds`)
const empty = quantile(spent.empty.start, 0.5)
for (const name of names) {
  spent[name].start = spent[name].start.map((ms) => ms - empty)
  if (name === 'empty') continue
  console.log(`start-up above an empty Worker, ${name}: ${spread(spent[name].start, 1)} ms`)
}
compare('start-up', 'start', 'floor')
if (built.against) compare('start-up', 'start', 'against')
for (const flow of ['first', 'ask'] as const) {
  const label = flow === 'first' ? 'first request' : 'first ask'
  for (const name of names) {
    const values = spent[name][flow]
    if (values.length > 0) console.log(`${label}, ${name}: ${spread(values, 1)} ms`)
  }
  if (built.against) compare(label, flow, 'against')
}

/** Each round measures one event, so its figure varies a lot. The ratio of the medians is more reliable. */
function compare(label: string, flow: keyof Spent, base: keyof Bundles): void {
  const [values, baseValues] = [spent.latchkey[flow], spent[base][flow]]
  const ofMedians = quantile(values, 0.5) / quantile(baseValues, 0.5)
  const byRound = spread(ratios(values, baseValues), 2)
  console.log(`${label}, latchkey / ${base}: ${ofMedians.toFixed(2)}; by round ${byRound}`)
}
