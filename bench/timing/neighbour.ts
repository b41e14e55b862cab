import { quantile } from '../stats.ts'
import { requestOf } from './connection.ts'
import {
  askRequest,
  codeRequest,
  KINDS,
  makeAddresses,
  makeWaiting,
  newPerson,
  resendRequest,
  type Kind,
} from './people.ts'
import { CONTROL } from './answers.ts'
import { shuffled, type Samples } from './samples.ts'
import { callsOf, handleOf, sendAndSettle, type Flow, type Setting } from './setting.ts'

const ADDRESSES = 40

const WARM_UP_BLOCKS = 40
const WINDOW_BLOCKS = 50
/** Together they last longer than the work after a response. */
const HEALTH_CHECKS = 12
const HEALTH_CHECK = requestOf('GET', '/healthz')

/** Calls after the response that ACCESS_REQUESTS adds: the stand-in finds that the address already waits. */
const requestCalls = (flow: Flow, kind: Kind): number =>
  flow === 'ask' && kind === 'unknown' ? 1 : 0

type Pool = { name: string; kind: Kind; emails: string[] }

async function makePools(setting: Setting, accessRequests: boolean): Promise<Pool[]> {
  const pools: Pool[] = []
  for (const name of [...KINDS, CONTROL]) {
    const kind = name === CONTROL ? 'unknown' : (name as Kind)
    const emails = await makeAddresses(setting, kind, ADDRESSES)
    if (accessRequests && kind === 'unknown') await makeWaiting(setting, emails)
    pools.push({ name, kind, emails })
  }
  return pools
}

/**
 * Takes the time of what a caller sends to the same isolate directly after the response to an ask, a wrong code or a
 * resend: either health checks, which do almost nothing, or an ask for an unknown address. What the Worker does after
 * the first response delays them.
 */
export async function measureNeighbour(
  setting: Setting,
  samples: Samples,
  blocks: number,
  accessRequests: boolean,
): Promise<void> {
  const pools = await makePools(setting, accessRequests)
  const [fixed] = pools.find(({ name }) => name === CONTROL)!.emails
  const probes = {
    [`${HEALTH_CHECKS} health checks`]: {
      calls: 0,
      send: async () => {
        let micros = 0
        for (let n = 0; n < HEALTH_CHECKS; n++) {
          micros += (await setting.other.send(HEALTH_CHECK)).micros
        }
        return micros
      },
    },
    'an ask': {
      calls: callsOf('ask', 'unknown') + (accessRequests ? 1 : 0),
      send: async () => (await setting.other.send(askRequest(newPerson(fixed!)))).micros,
    },
  }
  const warmUp = Math.min(WARM_UP_BLOCKS, blocks)
  for (let block = 0; block < warmUp + blocks; block++) {
    for (const [probeName, probe] of shuffled(Object.entries(probes))) {
      for (const { name, kind, emails } of shuffled(pools)) {
        const person = newPerson(emails[block % emails.length]!)
        const measure = async (flow: Flow, request: Buffer) => {
          const more = accessRequests ? requestCalls(flow, kind) : 0
          const calls = callsOf(flow, kind) + more + probe.calls
          return await sendAndSettle(setting, request, { flow, kind, calls }, async () => {
            const micros = await probe.send()
            if (block >= warmUp) samples.add(`${flow}, then ${probeName}`, name, micros)
          })
        }
        const handle = handleOf(await measure('ask', askRequest(person)))
        await measure('wrong code', codeRequest(person, handle))
        await measure('resend', resendRequest(handle))
      }
    }
    if (block % WINDOW_BLOCKS === WINDOW_BLOCKS - 1) samples.endWindow()
  }
  samples.endWindow()
}

const CPU_REQUESTS = ADDRESSES

/**
 * The CPU time of the Worker for one ask or resend, with the work after its response, in microseconds: the most that
 * a neighbour can be delayed. The median of the rounds, by kind.
 */
export async function measureCpu(
  setting: Setting,
  accessRequests: boolean,
  rounds: number,
): Promise<Record<'ask' | 'resend', Record<string, number>>> {
  const { served, connection } = setting
  const pools = await makePools(setting, accessRequests)
  const spent = { ask: new Map<string, number[]>(), resend: new Map<string, number[]>() }
  const add = (flow: 'ask' | 'resend', name: string, micros: number): void => {
    spent[flow].set(name, [...(spent[flow].get(name) ?? []), micros])
  }
  for (let round = -2; round < rounds; round++) {
    for (const { name, emails } of shuffled(pools)) {
      const handles: string[] = []
      const asks = emails.map((email) => askRequest(newPerson(email)))
      const cpuOf = async (work: () => Promise<void>): Promise<number> => {
        const before = served.cpuMicros()
        await work()
        await served.untilIdle()
        return (served.cpuMicros() - before) / CPU_REQUESTS
      }
      const ask = await cpuOf(async () => {
        for (const request of asks) handles.push(handleOf(await connection.send(request)))
      })
      const resends = handles.map(resendRequest)
      const resend = await cpuOf(async () => {
        for (const request of resends) await connection.send(request)
      })
      if (round < 0) continue
      add('ask', name, ask)
      add('resend', name, resend)
    }
  }
  const medians = (of: Map<string, number[]>): Record<string, number> =>
    Object.fromEntries([...of].map(([name, values]) => [name, quantile(values, 0.5)]))
  return { ask: medians(spent.ask), resend: medians(spent.resend) }
}
