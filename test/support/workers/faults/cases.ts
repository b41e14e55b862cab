import { isMessageCall, MESSAGE_FAULTS } from '../message-faults.ts'
import type { Fault } from '../latchkey.ts'
import type { Flow } from './flow.ts'

/** How many tries of a call a fault strikes. */
export const TIMES = { once: 1, twice: 2, always: undefined } as const
export type Times = keyof typeof TIMES

/** A fault of one call. `late` is a request that arrives after the Worker has given up to wait for it. */
type Strike = { call: string; fault: string; times: Times }

export type Case = { flow: Flow; strikes: Strike[] }

export const nameOf = ({ flow, strikes }: Case): string =>
  [flow.name, ...strikes.map(({ call, fault, times }) => `${call}, ${fault} ${times}`)].join(' | ')

const DYNAMO_FAULTS = [
  'throttle',
  'conflict',
  'error500',
  'reset',
  'hang',
  'lost',
  'cut',
  'hang-after',
  'garbled',
  'slow',
  'late',
  'skew',
]
const READS = /^(?:GetItem|BatchGetItem|Query|Scan) /

/** What may strike a call. Only a write can meet a conflict. */
const faultsOf = (call: string): string[] => {
  if (isMessageCall(call)) return [...MESSAGE_FAULTS, 'late']
  return DYNAMO_FAULTS.filter((fault) => fault !== 'conflict' || !READS.test(call))
}

/** For faults of all calls at once: an outage, or a clock that is wrong for all. */
const EVERY_CALL = 'every call'
const OUTAGES = ['throttle', 'error500', 'reset', 'hang', 'cut', 'skew']

/** Every call at once. */
export const outageCases = (flow: Flow): Case[] =>
  OUTAGES.map((fault) => ({ flow, strikes: [{ call: EVERY_CALL, fault, times: 'always' }] }))

export const isOutage = ({ strikes }: Case): boolean =>
  strikes.some(({ call }) => call === EVERY_CALL)

const kindOf = (call: string): string => call.replace(/ #\d+$/, '')

/**
 * Every call, with every fault, once, twice and always. If the flow has no other call of the kind, an endless fault
 * also strikes when the client sends its request again.
 */
export const singleCases = (flow: Flow, calls: readonly string[]): Case[] =>
  calls.flatMap((call) => {
    const kind = kindOf(call)
    const isOnly = calls.filter((other) => kindOf(other) === kind).length === 1
    return faultsOf(call).flatMap((fault) =>
      (Object.keys(TIMES) as Times[]).map((times) => ({
        flow,
        strikes: [{ call: isOnly && times === 'always' ? kind : call, fault, times }],
      })),
    )
  })

/** Whether a strike is of this call. */
export const isOf = (strike: Strike, call: string): boolean =>
  [EVERY_CALL, call, kindOf(call)].includes(strike.call)

/** A call that only a fault brings about, with every fault. */
export const secondCases = (first: Case, call: string): Case[] =>
  faultsOf(call).map((fault) => ({
    flow: first.flow,
    strikes: [...first.strikes, { call, fault, times: 'once' }],
  }))

/** Calls that a flow makes only because of a fault. */
export const newKinds = (made: readonly string[], known: readonly string[]): string[] => {
  const kinds = new Set(known.map(kindOf))
  return [...new Set(made)].filter((call) => !kinds.has(kindOf(call)))
}

/** Calls of known kinds that the flow does not make by itself. */
export const otherCalls = (made: readonly string[], known: readonly string[]): string[] => {
  const kinds = new Set(known.map(kindOf))
  return [...new Set(made)].filter((call) => kinds.has(kindOf(call)) && !known.includes(call))
}

/** Every two faults, each once. Of two faults of one call, one strikes the first try and the other the second. */
export function pairCases(flow: Flow, calls: readonly string[]): Case[] {
  const strikes = calls.flatMap((call) =>
    faultsOf(call).map((fault): Strike => ({ call, fault, times: 'once' })),
  )
  return strikes.flatMap((one, i) =>
    strikes
      .filter((other, j) => j >= i || other.call === one.call)
      .map((other) => ({ flow, strikes: [one, other] })),
  )
}

/** The rules for the fault proxy and for the network of messages. */
export function rulesOf({ strikes }: Case): Fault[] {
  return strikes.map(({ call, fault, times }) => {
    const [slowMs, lateMs] = isMessageCall(call) ? [700, 6000] : [700, 1400]
    const delayMs = { slow: slowMs, late: lateMs, skew: 3_600_000 }[fault]
    const count = TIMES[times]
    return {
      ...(call === EVERY_CALL ? {} : { call }),
      fault: (fault === 'late' ? 'slow' : fault) as Fault['fault'],
      ...(delayMs === undefined ? {} : { delayMs }),
      ...(count === undefined ? {} : { times: count }),
    }
  })
}

/**
 * Whether the Worker must overcome the faults by itself. A time that only one response names is none that the Worker
 * could adopt: it may fail. A message that is refused is not sent again.
 */
export const mustOvercome = ({ strikes }: Case): boolean =>
  strikes.every(
    ({ call, fault, times }) =>
      fault === 'slow' ||
      (call === EVERY_CALL && fault === 'skew') ||
      (times !== 'always' && fault !== 'skew' && fault !== 'rejected'),
  )

/** Whether no try of the call can ever succeed. */
export const isHopeless = ({ times, fault }: Strike): boolean =>
  times === 'always' && fault !== 'slow' && fault !== 'skew'
