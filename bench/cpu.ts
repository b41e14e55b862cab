import { bundles, sizes } from './bundles.ts'
import { floorCheck, floorSignIn, type FloorTokens } from './floor-person.ts'
import { startMailbox } from './mailbox.ts'
import { readOptions } from './options.ts'
import { ask, checkSession, newPeople, refresh, signIn, type Tokens } from './person.ts'
import { serve, type Served } from './serve.ts'
import { ratios, spread } from './stats.ts'
import { startStore } from './store.ts'
import { benchVars } from './vars.ts'

/**
 * Measures the CPU time that workerd spends on one request, including the work after its response. In alternating
 * rounds, it measures Latchkey, the reference floor and, with `--against`, another build of Latchkey. The times
 * depend on the machine, so compare the ratios.
 */
const { against, rounds, requests } = readOptions({ rounds: 15, requests: 100 })
/** Requests of each flow before the first measured round. After these, V8 has compiled the code. */
const WARM_UP_REQUESTS = 300

const [store, mailbox] = await Promise.all([startStore(), startMailbox()])
const vars = await benchVars({ dynamodb: store.endpoint, ses: mailbox.endpoint })
const built = await bundles(against)
const floor = await serve(built.floor, vars)
const builds = [{ name: 'latchkey', served: await serve(built.latchkey, vars) }]
if (built.against) builds.push({ name: 'against', served: await serve(built.against, vars) })

/** Microseconds of CPU per request, by `<build> <flow>`, one figure for each round. */
const spent: Record<string, number[]> = {}
let warmedUp = false

/** Sends requests one after the other, and counts the CPU time until the process is idle again. */
async function measure<In, Out>(
  name: string,
  worker: Served,
  inputs: readonly In[],
  request: (origin: string, input: In) => Promise<Out>,
  afterwards: () => Promise<unknown> = async () => {},
): Promise<Out[]> {
  const outputs: Out[] = []
  const before = worker.cpuMicros()
  for (const input of inputs) outputs.push(await request(worker.origin, input))
  await afterwards()
  await worker.untilIdle()
  const micros = (worker.cpuMicros() - before) / inputs.length
  if (warmedUp) (spent[name] ??= []).push(micros)
  return outputs
}

const FLOWS = [
  { flow: 'ask', floorFlow: 'sign-in' },
  { flow: 'sign-in', floorFlow: 'sign-in' },
  { flow: 'check', floorFlow: 'check' },
  { flow: 'refresh', floorFlow: 'check' },
]

for (let round = -Math.ceil(WARM_UP_REQUESTS / requests); round < rounds; round++) {
  warmedUp = round >= 0
  const noInputs = Array<undefined>(requests).fill(undefined)
  const floorTokens: FloorTokens[] = await measure('floor sign-in', floor, noInputs, floorSignIn)

  // The builds run each flow directly after each other, and the order alternates from round to round.
  const runs = builds.map((build) => ({
    ...build,
    people: newPeople(requests),
    links: [] as string[],
    tokens: [] as Tokens[],
  }))
  if (round % 2 !== 0) runs.reverse()
  for (const run of runs) {
    await measure(`${run.name} ask`, run.served, run.people, ask, async () => {
      run.links = await Promise.all(run.people.map(({ email }) => mailbox.linkTokenFor(email)))
    })
  }
  for (const run of runs) {
    const mailed = run.people.map((person, i) => ({ person, link: run.links[i]! }))
    run.tokens = await measure(`${run.name} sign-in`, run.served, mailed, (origin, one) =>
      signIn(origin, one.person, one.link),
    )
  }
  await measure('floor check', floor, floorTokens, floorCheck)
  for (const { name, served, tokens } of runs) {
    await measure(`${name} check`, served, tokens, checkSession)
  }
  for (const { name, served, tokens } of runs) {
    await measure(`${name} refresh`, served, tokens, refresh)
  }
}

console.log(sizes(built))
console.log(`CPU per request: median (quartiles) of ${rounds} rounds of ${requests} requests`)
for (const flow of ['sign-in', 'check']) {
  console.log(`${flow}, floor: ${spread(spent[`floor ${flow}`]!, 0)} µs`)
}
for (const { flow, floorFlow } of FLOWS) {
  for (const { name } of builds) {
    const values = spent[`${name} ${flow}`]!
    const toFloor = spread(ratios(values, spent[`floor ${floorFlow}`]!), 2)
    console.log(`${flow}, ${name}: ${spread(values, 0)} µs, / floor ${floorFlow} ${toFloor}`)
  }
  const other = spent[`against ${flow}`]
  if (other === undefined) continue
  console.log(
    `${flow}, latchkey / against: ${spread(ratios(spent[`latchkey ${flow}`]!, other), 2)}`,
  )
}
await Promise.all(
  [floor, store, mailbox, ...builds.map(({ served }) => served)].map((s) => s.stop()),
)
