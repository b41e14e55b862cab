import { setTimeout as sleep } from 'node:timers/promises'
import { SENDS } from '../../src/model/budget.ts'
import { serve, type Served } from '../serve.ts'
import { computeUntil } from '../stand-in.ts'
import { benchVars } from '../vars.ts'
import { Connection, type Answer } from './connection.ts'
import type { Kind } from './people.ts'
import { startServices, type Services } from './services.ts'

/** A new Worker, what it calls, and a caller's two connections to it. */
export type Setting = {
  database: boolean
  services: Services
  served: Served
  connection: Connection
  /** For the requests of a neighbour. */
  other: Connection
  /** Waits until every address may be sent another message. */
  coolDown: () => Promise<void>
  stop: () => Promise<void>
}

export async function startSetting(
  bundle: Buffer,
  database: boolean,
  vars: Record<string, string> = {},
): Promise<Setting> {
  const services = await startServices(database)
  // The stand-in cannot answer the query for a person's devices that this email needs.
  const fixed = { ...(await benchVars(services)), NEW_DEVICE_MAIL: 'off' }
  const served = await serve(bundle, { ...fixed, ...vars })
  const [connection, other] = [new Connection(served.origin), new Connection(served.origin)]
  return {
    database,
    services,
    served,
    connection,
    other,
    // The stand-in checks no condition, so it refuses no message.
    coolDown: () => sleep(database ? SENDS.cooldownMs + 1000 : 0),
    stop: async () => {
      connection.close()
      other.close()
      await served.stop()
      await services.stop()
    },
  }
}

export type Flow = 'ask' | 'refused ask' | 'wrong code' | 'resend'

const MAILED: readonly Kind[] = ['approved', 'signed in', 'company']
const STATUS: Record<Flow, number> = {
  ask: 202,
  'refused ask': 429,
  'wrong code': 400,
  resend: 202,
}

/** The calls that a request causes: two before its response; then the link row is written or read, and the email. */
export function callsOf(flow: Flow, kind: Kind): number {
  if (flow === 'wrong code' || flow === 'refused ask') return 2
  return MAILED.includes(kind) ? 4 : 3
}

/** How long the Worker works after its last call was answered: it reads the answer and writes a log line. */
const REST_MICROS = 600

/**
 * Sends a request, and waits until the work after its response has ended, so that this does not delay the next one.
 * @param meanwhile what to do in the meantime, and the calls that this causes.
 */
export async function sendAndSettle(
  { services, connection }: Setting,
  request: Buffer,
  { flow, kind, calls = callsOf(flow, kind) }: { flow: Flow; kind: Kind; calls?: number },
  meanwhile: () => Promise<void> = async () => {},
): Promise<Answer> {
  const before = services.calls()
  const answer = await connection.send(request)
  await meanwhile()
  if (answer.status !== STATUS[flow]) {
    throw new Error(`${flow}, ${kind}: ${answer.status} ${answer.body}`)
  }
  await services.untilCalls(before + calls)
  computeUntil(process.hrtime.bigint(), REST_MICROS)
  return answer
}

export const handleOf = (asked: Answer): string =>
  (JSON.parse(asked.body) as { handle: string }).handle
