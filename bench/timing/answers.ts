import {
  askRequest,
  codeRequest,
  KINDS,
  makeAddresses,
  newPerson,
  resendRequest,
  type Kind,
} from './people.ts'
import type { Samples } from './samples.ts'
import { shuffled } from './samples.ts'
import { handleOf, sendAndSettle, type Flow, type Setting } from './setting.ts'

/** By how much DynamoDB answers late for a group that must be found. */
export const LATE_MICROS = [20, 50, 100, 200] as const
/** A second group of unknown addresses, in which nothing must be found. */
export const CONTROL = 'unknown again'
export const lateGroup = (micros: number): string => `unknown, ${micros} µs late`

type Group = { name: string; pool: string; kind: Kind; lateMicros: number }

const WINDOW_BLOCKS = 50
/** Blocks before the first that counts: after these, V8 has compiled the code. A short run has fewer. */
const WARM_UP_BLOCKS = 100
/** The stand-in refuses nothing, so its addresses are used again. */
const STAND_IN_ADDRESSES = 200

/**
 * Asks, tries a wrong code and resends, once for each group of addresses in each block, in random order, and takes the
 * time of each response. Every request waits until the work after the last response has ended.
 */
export async function measureAnswers(
  setting: Setting,
  samples: Samples,
  blocks: number,
): Promise<void> {
  const { services, database } = setting
  const warmUp = Math.min(WARM_UP_BLOCKS, blocks)
  const total = warmUp + blocks
  const count = database ? total : Math.min(STAND_IN_ADDRESSES, total)
  const pools = new Map<string, string[]>()
  for (const { pool, kind } of groupsOf(0)) {
    pools.set(pool, await makeAddresses(setting, kind, count))
  }
  const handles = Array.from({ length: total }, () => new Map<string, string>())

  async function measure(block: number, group: Group, flow: Flow, request: Buffer) {
    if (group.lateMicros > 0) services.delaySecondCall(group.lateMicros)
    const answer = await sendAndSettle(setting, request, { flow, kind: group.kind })
    if (block >= warmUp) samples.add(flow, group.name, answer.micros)
    return answer
  }
  async function eachBlock(visit: (block: number, group: Group) => Promise<void>): Promise<void> {
    for (let block = 0; block < total; block++) {
      for (const group of shuffled(groupsOf(block))) await visit(block, group)
      if (block % WINDOW_BLOCKS === WINDOW_BLOCKS - 1) samples.endWindow()
    }
    samples.endWindow()
  }

  await eachBlock(async (block, group) => {
    const emails = pools.get(group.pool)!
    const person = newPerson(emails[block % emails.length]!)
    const request = askRequest(person)
    const handle = handleOf(await measure(block, group, 'ask', request))
    handles[block]!.set(group.pool, handle)
    if (database) await measure(block, group, 'refused ask', request)
    await measure(block, group, 'wrong code', codeRequest(person, handle))
  })
  await setting.coolDown()
  await eachBlock(async (block, group) => {
    const handle = handles[block]!.get(group.pool)!
    await measure(block, group, 'resend', resendRequest(handle))
  })
}

function groupsOf(block: number): Group[] {
  const lateMicros = LATE_MICROS[block % LATE_MICROS.length]!
  return [
    ...KINDS.map((kind) => ({ name: kind, pool: kind, kind, lateMicros: 0 })),
    { name: CONTROL, pool: CONTROL, kind: 'unknown', lateMicros: 0 },
    { name: lateGroup(lateMicros), pool: 'late', kind: 'unknown', lateMicros },
  ]
}
