import { expect } from 'vitest'
import {
  isHopeless,
  isOf,
  isOutage,
  mustOvercome,
  otherCalls,
  rulesOf,
  type Case,
} from './cases.ts'
import { isMessageCall } from '../message-faults.ts'
import type { Latchkey } from '../latchkey.ts'
import type { Flow } from './flow.ts'
import { setStage, type Stage } from './stage.ts'

/** DynamoDB's deadline (src/dynamo/client.ts), and a second for calls before that are slow. */
const MOST_MS = 4000
/** A client that gets 503 under an endless fault tries once more before the fault ends. */
const TRIES_UNDER_FAULT = 2

/** The calls of a flow: those before its response, and those after it. */
export type Calls = { before: string[]; after: string[]; route: string }

/** Runs a flow without faults. What must hold without them must hold with them. */
export async function learnCalls(flow: Flow): Promise<Calls> {
  const stage = await setStage(flow.worker, flow.env)
  try {
    const act = await flow.prepare(stage)
    await stage.settle()
    await stage.setFaults([])
    const struck = flow.worker === 'console' ? stage.console : stage.auth
    struck.lines.splice(0)
    const answer = await act.send()
    expect(act.done, `${flow.name}: ${await answer.clone().text()}`).toContain(answer.status)
    await stage.settle()
    const calls = await stage.setFaults([])
    const line = struck.lines.findLast((one) => 'dynamoCalls' in one)
    const count = Number(line?.['dynamoCalls'] ?? calls.length)
    await act.holds({ answer, unanswered: 0, overcome: true, faults: 0 })
    const before = [...new Set(calls.slice(0, count))]
    const after = [...new Set(calls.slice(count))].filter((call) => !before.includes(call))
    return { before, after, route: `${String(line?.['method'])} ${String(line?.['route'])}` }
  } finally {
    await stage.cleanUp()
  }
}

/**
 * Runs a flow under faults, as a client sees it: a 503 is repeated, and a 429 waits. The faults end, the client goes
 * on, and then the tables and the inbox must be as the flow says.
 * @param before calls before the response. @returns the names of all calls.
 */
export async function runCase(one: Case, { before, after }: Calls): Promise<string[]> {
  const stage = await setStage(one.flow.worker, one.flow.env)
  try {
    const act = await one.flow.prepare(stage)
    await stage.settle()
    await stage.setFaults(rulesOf(one))
    const overcome = mustOvercome(one)
    const statuses: number[] = []
    const made: string[] = []
    let unanswered = 0
    for (;;) {
      const startedAt = stage.ticks()
      const answer = await act.send()
      const tookMs = stage.ticks() - startedAt
      const { status } = answer
      statuses.push(status)
      const said = `${statuses.join(', ')}: ${await answer.clone().text()}`
      const mostMs = act.mayTakeLong === true ? Infinity : MOST_MS * one.strikes.length
      expect(tookMs, `time until ${said}`).toBeLessThanOrEqual(mostMs)
      expect(statuses.length, said).toBeLessThan(8)
      if (status !== 503 && status !== 429) {
        const done = unanswered > 0 ? [...act.done, ...(act.doneBefore ?? [])] : act.done
        expect(done, said).toContain(status)
        if (overcome) expect(unanswered, said).toBe(0)
        const isHeard = !one.strikes.some(
          (strike) =>
            isHopeless(strike) && before.some((call) => !isMessageCall(call) && isOf(strike, call)),
        )
        if (!isHeard) expect(unanswered, said).toBeGreaterThan(0)
        await stage.settle()
        made.push(...(await stage.setFaults([])))
        const [strike, ...more] = one.strikes
        if (more.length === 0 && !isOutage(one)) {
          expect(
            made.filter((call) => isOf(strike!, call)),
            'struck',
          ).not.toEqual([])
        }
        // T46: all tries of a call send the same bytes, or they would count as calls of their own.
        if (overcome) expect(otherCalls(made, [...before, ...after]), said).toEqual([])
        await act.holds({ answer, unanswered, overcome, faults: one.strikes.length })
        expectKnownErrors(stage)
        return made
      }
      const retryAfter = Number(answer.headers.get('Retry-After'))
      expect(retryAfter, said).toBeGreaterThan(0)
      if (status === 503) {
        unanswered++
        expectFailureLine(one.flow.worker === 'console' ? stage.console : stage.auth)
      }
      await stage.settle()
      stage.clock.offsetMs += retryAfter * 1000
      if (unanswered === TRIES_UNDER_FAULT) made.push(...(await stage.setFaults([])))
    }
  } finally {
    await stage.cleanUp()
  }
}

/** An operator sees why there was a 503. */
function expectFailureLine({ lines }: Latchkey): void {
  const line = lines.findLast(({ outcome }) => outcome === 'failed')
  expect(line?.['error']).toMatch(/^Dynamo(?:Unavailable|Error)/)
}

/** Nothing fails for another reason than the faults. */
function expectKnownErrors({ auth, console: both }: Stage): void {
  const lines = [...auth.lines, ...(both?.lines ?? [])]
  const errors = lines.flatMap(({ error }) => (error === undefined ? [] : [error as string]))
  expect(
    errors.filter((error) => !/^(?:Dynamo(?:Unavailable|Error)|SendError)/.test(error)),
  ).toEqual([])
}
