import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env as workerEnv } from 'cloudflare:workers'
import { inject } from 'vitest'
import { createApp } from '../../../src/app.ts'
import type { Env } from '../../../src/base/config.ts'
import type { Sink } from '../../../src/base/log.ts'
import { createAwsPost } from '../../../src/base/aws.ts'
import { createDynamoClient } from '../../../src/dynamo/client.ts'
import { createDb, type Db } from '../../../src/dynamo/db.ts'
import { createTrace } from '../../../src/dynamo/trace.ts'
import { parseConfig } from '../../../src/base/config.ts'
import type { Provided } from '../node/provided.ts'
import { createPace, paceUnder, PATIENT } from './pace.ts'
import { unixMs } from '../../../src/base/time.ts'
import { realWorld, type World } from '../../../src/base/world.ts'

export type Fault = {
  operation?: string
  /** The name of one call. */
  call?: string
  fault:
    | 'throttle'
    | 'conflict'
    | 'error500'
    | 'lost'
    | 'cut'
    | 'reset'
    | 'hang'
    | 'hang-after'
    | 'slow'
    | 'garbled'
    | 'skew'
    | 'hideindex'
  times?: number
  probability?: number
  delayMs?: number
}
type Capacity = { CapacityUnits: number }
export type Call = {
  operation: string
  /** The same for all tries of a call: `UpdateItem adr #1`. */
  name: string
  at: number
  body: Record<string, unknown>
  fault?: string
  /** What DynamoDB reports for each table, after reportCapacity. */
  capacity?: (Capacity & { GlobalSecondaryIndexes?: Record<string, Capacity> })[]
}
export type Mail = {
  id: string
  channel: 'email' | 'sms'
  to: string | string[]
  subject?: string
  text: string
  html?: string
  link: string
  code: string
  at: string | number
}

/** A Worker of its own: clock, environment, log and faults are this test's alone; the database is shared. */
export type Latchkey = {
  env: Env
  /** Add to it to let time pass. Starts at the real time. */
  clock: { offsetMs: number }
  /** Every log line so far, parsed. */
  lines: Record<string, unknown>[]
  fetch: (path: string, init?: RequestInit) => Promise<Response>
  /** Waits for everything that goes on after the answers so far. */
  settle: () => Promise<void>
  /** @returns the calls before. */
  setFaults: (faults: Fault[]) => Promise<Call[]>
  /** DynamoDB calls since the last setFaults or start of this test's scenario. */
  calls: () => Promise<Call[]>
  /** Removes the recorded calls. */
  forgetCalls: () => Promise<unknown>
  /** The tables themselves, past faults and past the Worker. */
  db: Db
}

/** What the global setup started, by name. */
const provided = (name: keyof Provided): string => inject(name)

let scenarios = 0

export type StartOptions = {
  env?: Env
  world?: Partial<World>
  /** Another Worker's clock, to share it. */
  clock?: { offsetMs: number }
}

export const startLatchkey = (options: StartOptions = {}): Latchkey =>
  startWorker(createApp, 'https://auth.latchkey.test', options)

/** What dashboards and alarms count. */
const OUTCOMES = [
  'accepted',
  'active',
  'again',
  'failed',
  'forbidden',
  'inactive',
  'nothing',
  'ok',
  'refused',
  'refusing',
  'session_ended',
  'unauthorized',
]

/** @throws Error for a line that dashboards and alarms would not understand. */
function readLine(text: string): Record<string, unknown> {
  const line = JSON.parse(text) as Record<string, unknown>
  const { outcome } = line
  const isKnown = outcome === undefined || OUTCOMES.includes(outcome as string)
  if (!isKnown || Object.values(line).includes('')) throw new Error(`a wrong log line: ${text}`)
  return line
}

/** Starts one of the Workers. @param origin that paths are relative to. */
export function startWorker(
  create: (world: World, sink: Sink) => ReturnType<typeof createApp>,
  origin: string,
  options: StartOptions,
): Latchkey {
  const scenario = `s${++scenarios}-${crypto.randomUUID().slice(0, 8)}`
  const control = `${provided('faultEndpoint')}/_control/${scenario}`
  const env: Env = {
    ...(workerEnv as Env),
    LIMIT_BY_IP: undefined,
    LIMIT_BY_IP_AND_ADDRESS: undefined,
    DYNAMODB_ENDPOINT: `${provided('faultEndpoint')}/${scenario}`,
    ...options.env,
  }
  const clock = options.clock ?? { offsetMs: 0 }
  const lines: Record<string, unknown>[] = []
  // A network of a test's own may never answer: then the test waits for the Worker's deadlines.
  const idlePace = options.world?.fetch === undefined ? PATIENT : 1
  const pace = createPace(idlePace)
  const world: World = {
    ...realWorld,
    ...pace.world,
    now: () => unixMs(Date.now() + clock.offsetMs),
    ...options.world,
  }
  const app = create(world, (line) => lines.push(readLine(line)))
  const contexts: ReturnType<typeof createExecutionContext>[] = []
  const plainDb = { ...(workerEnv as Env), DYNAMODB_ENDPOINT: provided('dynamodbEndpoint') }

  return {
    env,
    clock,
    lines,
    async fetch(path, init) {
      const context = createExecutionContext()
      contexts.push(context)
      return app.fetch(new Request(new URL(path, origin), init), env, context)
    },
    async settle() {
      for (const context of contexts.splice(0)) await waitOnExecutionContext(context)
    },
    async setFaults(faults) {
      if (faults.length === 0) pace.set(idlePace)
      else pace.set(...paceUnder(faults))
      const answer = await fetch(control, { method: 'PUT', body: JSON.stringify(faults) })
      return (await answer.json<{ calls: Call[] }>()).calls
    },
    async calls() {
      return (await (await fetch(control)).json<{ calls: Call[] }>()).calls
    },
    forgetCalls: () => fetch(control, { method: 'DELETE' }),
    db: tablesOf(plainDb),
  }
}

function tablesOf(env: Env): Db {
  const config = parseConfig(env)
  const world = { ...realWorld, ...createPace(PATIENT).world }
  return createDb(createDynamoClient(config, world, createAwsPost(config, world)), createTrace())
}

let people = 0

/** An address that no other test uses; the company's domain is approved. */
export const newEmail = (domain = 'sigmacomputing.com'): string =>
  `t${++people}-${crypto.randomUUID().slice(0, 12)}@${domain}`

/** The inbox's messages to one address or number, newest first. */
export async function messagesTo(to: string): Promise<Mail[]> {
  const url = `${provided('inboxEndpoint')}/messages?to=${encodeURIComponent(to)}`
  return (await fetch(url)).json()
}
