import { describe, expect, it } from 'vitest'
import { ROUTES } from '../src/app.ts'
import { CONSOLE_ROUTES, PAGE_ROUTES } from '../src/console/app.ts'
import { forEach } from './support/workers/cases.ts'
import { seeded } from './support/workers/flaky-network.ts'
import { APPROVAL_FLOWS } from './support/workers/faults/approval-flows.ts'
import { ASK_FLOWS } from './support/workers/faults/ask-flows.ts'
import {
  nameOf,
  newKinds,
  outageCases,
  pairCases,
  secondCases,
  singleCases,
  type Case,
} from './support/workers/faults/cases.ts'
import { CONSOLE_FLOWS } from './support/workers/faults/console-flows.ts'
import type { Flow } from './support/workers/faults/flow.ts'
import { PAGE_FLOWS } from './support/workers/faults/page-flows.ts'
import { PEOPLE_FLOWS } from './support/workers/faults/people-flows.ts'
import { learnCalls, runCase, type Calls } from './support/workers/faults/run-case.ts'
import { SESSION_FLOWS } from './support/workers/faults/session-flows.ts'
import { JOURNEYS, SIGN_IN_FLOWS } from './support/workers/faults/sign-in-flows.ts'
import { size } from './support/workers/size.ts'

// Every flow of both Workers, with every fault of each of its calls: DynamoDB's, and those of the services that send
// messages. The client sends its request again after a 503. Then the tables and the inbox are judged: the four promises
// at the head of docs/threats.md (I1 to I4 in invariants.ts), and what the flow itself promises.

const FLOWS = [
  ...ASK_FLOWS,
  ...SIGN_IN_FLOWS,
  ...SESSION_FLOWS,
  ...CONSOLE_FLOWS,
  ...APPROVAL_FLOWS,
  ...PEOPLE_FLOWS,
  ...PAGE_FLOWS,
  ...JOURNEYS,
]
/** With these, every two faults strike together. */
const IN_PAIRS = [
  ...JOURNEYS,
  ...SESSION_FLOWS.filter(({ name }) => /^refresh(?: with a key)?$/.test(name)),
]

/** `all`, a number of cases, or the beginning of their names. Set by `npm run test:faults`. */
const WANTED = import.meta.env['LATCHKEY_FAULTS']
const IS_COUNT = /^(?:all|\d+)$/.test(WANTED ?? '')
/** The same cases for the same seed: always the same in `npm test` and `npm run test:long`, others in `test:faults`. */
const SEED = Number(
  import.meta.env['LATCHKEY_FAULTS_SEED'] ??
    (WANTED === undefined ? 1 : Math.floor(Math.random() * 2 ** 31)),
)
/** Routes that answer without DynamoDB, and need no flow. */
const CALLS_NOTHING = [
  'GET /healthz',
  'GET /account',
  'GET /.well-known/jwks.json',
  'GET /.well-known/oauth-authorization-server',
  'GET /.well-known/openid-configuration',
  'GET /.well-known/apple-app-site-association',
  'GET /.well-known/assetlinks.json',
  'GET /.well-known/oauth-protected-resource',
  'GET /assets/:file',
  'GET /sign-in/code',
  // It writes no log line either, so no flow could tell that it is its route.
  'GET /link/*',
]

function routesWithoutFlow(learned: ReadonlyMap<Flow, Calls>): string[] {
  const routes = new Set([...learned.values()].map(({ route }) => route))
  return [...ROUTES, ...CONSOLE_ROUTES, ...PAGE_ROUTES]
    .map(({ method, path }) => `${method} ${path}`)
    .filter((route) => !routes.has(route) && !CALLS_NOTHING.includes(route))
}

const SAMPLE = size({ usual: 1, long: 8 })
/** What every person does, with more cases. */
const LARGE_SAMPLES: Record<string, number> = {
  'redeem a link': 12,
  'ask by email': 12,
  refresh: 12,
}

function casesOf(flow: Flow, { before, after }: Calls): Case[] {
  const calls = [...before, ...after]
  const pairs = IN_PAIRS.includes(flow) ? pairCases(flow, calls) : []
  return JOURNEYS.includes(flow)
    ? pairs
    : [...outageCases(flow), ...singleCases(flow, calls), ...pairs]
}

/** The same order for the same seed. */
function shuffled<T>(all: readonly T[], seed: number): T[] {
  const random = seeded(seed)
  return all
    .map((one) => [random(), one] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, one]) => one)
}

describe.skipIf(WANTED !== undefined)('withstands a sample', () => {
  const learned = new Map<Flow, Calls>()
  it.concurrent.each(FLOWS.map((flow, i) => ({ name: flow.name, flow, seed: SEED + i })))(
    `T42, T43, T44, T46, T47, T49, T75, T79, T92: $name, with faults (seed ${SEED}): done once, and no promise is broken`,
    { tags: 'long', timeout: 240_000 },
    async ({ flow, seed }) => {
      const calls = await learnCalls(flow)
      learned.set(flow, calls)
      const count = Math.max(SAMPLE, LARGE_SAMPLES[flow.name] ?? 0)
      await forEach(shuffled(casesOf(flow, calls), seed).slice(0, count), async (one) => {
        try {
          await runCase(one, calls)
        } catch (error) {
          throw new Error(nameOf(one), { cause: error })
        }
      })
    },
  )

  it('of every route', { tags: 'long' }, ({ skip }) => {
    if (learned.size < FLOWS.length) skip('not all flows ran')
    expect(routesWithoutFlow(learned), 'routes without a flow').toEqual([])
  })
})

describe.skipIf(WANTED === undefined)('withstands', () => {
  it('every flow, with every fault of each call', { timeout: 4 * 3_600_000 }, async () => {
    const learned = new Map<Flow, Calls>()
    const isWanted = ({ name }: Flow) => IS_COUNT || name.includes(WANTED!.split(' | ')[0]!)
    const flows = FLOWS.filter(isWanted)
    await forEach(flows, async (flow) => void learned.set(flow, await learnCalls(flow)))
    if (IS_COUNT) expect(routesWithoutFlow(learned), 'routes without a flow').toEqual([])

    const all = flows.flatMap((flow) => casesOf(flow, learned.get(flow)!))
    const chosen = IS_COUNT
      ? shuffled(all, SEED).slice(0, WANTED === 'all' ? all.length : Number(WANTED))
      : all.filter((one) => nameOf(one).includes(WANTED!))
    const isPair = ({ strikes }: Case) => strikes.length > 1
    console.log(
      `faults: seed ${SEED}, ${chosen.length} of ${all.length} cases, ${flows.length} flows`,
    )

    const failures: string[] = []
    const known = new Map<Flow, string[]>()
    const seconds: Case[] = []
    const startedAt = Date.now()
    let done = 0
    const run = async (one: Case) => {
      try {
        const calls = learned.get(one.flow)!
        const made = await runCase(one, calls)
        const already = known.get(one.flow) ?? [...calls.before, ...calls.after]
        const found = newKinds(made, already)
        known.set(one.flow, [...already, ...found])
        seconds.push(...found.flatMap((call) => secondCases(one, call)))
      } catch (error) {
        failures.push(nameOf(one))
        console.log(`failed: ${nameOf(one)}\n  ${(error as Error).message.slice(0, 500)}`)
      }
      if (++done % 250 !== 0) return
      const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1)
      console.log(`faults: ${done} done, ${failures.length} failed, ${minutes} minutes`)
    }
    await forEach(
      chosen.filter((one) => !isPair(one)),
      run,
    )
    // Calls that only a fault brings about.
    console.log(`faults: ${seconds.length} cases of calls that only a fault brings about`)
    await forEach(seconds.splice(0), run)
    await forEach(chosen.filter(isPair), run)
    console.log(`faults: seed ${SEED}, ${done} cases, ${failures.length} failed`)
    expect(failures).toEqual([])
  })
})
