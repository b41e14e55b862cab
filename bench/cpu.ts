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
 * CPU that workerd spends on one request, the work after its answer included: Latchkey, with `--against`
 * another build of it, and the reference floor, in alternating rounds of one run. Absolute figures say more
 * about the machine than about the code; the ratios are what to look at.
 */
const { against, rounds, requests } = readOptions({ rounds: 15, requests: 100 })
/** After so many requests of each flow, what V8 will compile is compiled. */
const WARM_UP_REQUESTS = 300

const [store, mailbox] = await Promise.all([startStore(), startMailbox()])
const vars = await benchVars({ dynamodb: store.endpoint, ses: mailbox.endpoint })
const built = await bundles(against)
const floor = await serve(built.floor, vars)
const builds = [{ name: 'latchkey', served: await serve(built.latchkey, vars) }]
if (built.against) builds.push({ name: 'against', served: await serve(built.against, vars) })

/** Microseconds of CPU a request, by `<build> <flow>`, one a round. */
const spent: Record<string, number[]> = {}
let warm = false

/** Sends one request after the other, and counts the CPU until the process has come to rest. */
async function measure<In, Out>(
  name: string,
  of: Served,
  inputs: readonly In[],
  request: (origin: string, input: In) => Promise<Out>,
  afterwards: () => Promise<unknown> = async () => {},
): Promise<Out[]> {
  const outputs: Out[] = []
  const before = of.cpuMicros()
  for (const input of inputs) outputs.push(await request(of.origin, input))
  await afterwards()
  await of.atRest()
  const micros = (of.cpuMicros() - before) / inputs.length
  if (warm) (spent[name] ??= []).push(micros)
  return outputs
}

const FLOWS = [
  { flow: 'ask', floorFlow: 'sign-in' },
  { flow: 'sign-in', floorFlow: 'sign-in' },
  { flow: 'check', floorFlow: 'check' },
  { flow: 'refresh', floorFlow: 'check' },
]

for (let round = -Math.ceil(WARM_UP_REQUESTS / requests); round < rounds; round++) {
  warm = round >= 0
  const nobody = Array<undefined>(requests).fill(undefined)
  const floorTokens: FloorTokens[] = await measure('floor sign-in', floor, nobody, floorSignIn)

  // Each flow of one build runs right beside the other build's, and who comes first alternates.
  const crews = builds.map((build) => ({
    ...build,
    people: newPeople(requests),
    links: [] as string[],
    tokens: [] as Tokens[],
  }))
  if (round % 2 !== 0) crews.reverse()
  for (const crew of crews) {
    await measure(`${crew.name} ask`, crew.served, crew.people, ask, async () => {
      crew.links = await Promise.all(crew.people.map(({ email }) => mailbox.linkTokenFor(email)))
    })
  }
  for (const crew of crews) {
    const mailed = crew.people.map((person, i) => ({ person, link: crew.links[i]! }))
    crew.tokens = await measure(`${crew.name} sign-in`, crew.served, mailed, (origin, one) =>
      signIn(origin, one.person, one.link),
    )
  }
  await measure('floor check', floor, floorTokens, floorCheck)
  for (const { name, served, tokens } of crews) {
    await measure(`${name} check`, served, tokens, checkSession)
  }
  for (const { name, served, tokens } of crews) {
    await measure(`${name} refresh`, served, tokens, refresh)
  }
}

console.log(sizes(built))
console.log(`CPU a request: median (quartiles) of ${rounds} rounds of ${requests} requests`)
for (const flow of ['sign-in', 'check']) {
  console.log(`${flow}, floor: ${spread(spent[`floor ${flow}`]!, 0)} µs`)
}
for (const { flow, floorFlow } of FLOWS) {
  for (const { name } of builds) {
    const values = spent[`${name} ${flow}`]!
    const toFloor = spread(ratios(values, spent[`floor ${floorFlow}`]!), 2)
    console.log(`${flow}, ${name}: ${spread(values, 0)} µs, / floor ${floorFlow} ${toFloor}`)
  }
  const old = spent[`against ${flow}`]
  if (old === undefined) continue
  console.log(`${flow}, latchkey / against: ${spread(ratios(spent[`latchkey ${flow}`]!, old), 2)}`)
}
await Promise.all(
  [floor, store, mailbox, ...builds.map(({ served }) => served)].map((s) => s.stop()),
)
