import { once } from 'node:events'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { startDynamoDBLocal } from '../../dev/dynamodb-local.ts'
import { localAws } from '../../dev/local-aws.ts'
import { freePort } from '../../dev/ports.ts'
import { ensureTables } from '../../scripts/tables/tables.ts'

/** The places of the memory that both threads share. */
export const SHARED = { calls: 0, answered: 1, delayMicros: 2 } as const

export type Endpoints = { dynamodb: string; ses: string }

/** @property database the endpoint of DynamoDB Local; undefined for the stand-in. */
export type ThreadData = { shared: Int32Array; database: string | undefined }

/** What the thread sends: its endpoints once, and the sealed link of each address that it is asked about. */
export type FromThread = Endpoints | { linkToken: string | undefined }

export type Services = Endpoints & {
  /** Calls from the Worker so far. */
  calls: () => number
  /** Resolves when there were this many calls and all are answered. @throws if they do not come. */
  untilCalls: (count: number) => Promise<void>
  /** Answers the second call from now this much later. */
  delaySecondCall: (micros: number) => void
  /** Waits for the email to this address. @returns the sealed link in it. */
  linkTokenFor: (email: string) => Promise<string>
  stop: () => Promise<void>
}

const WAIT_MS = 10_000

/**
 * Starts what the Worker calls: DynamoDB and SES. They have a thread of their own, because in the thread that measures,
 * answering a call after a response would delay the clock for the addresses that cause such a call.
 * @param database use DynamoDB Local, which decides conditions, and not the stand-in, whose times vary less.
 */
export async function startServices(database: boolean): Promise<Services> {
  const shared = new Int32Array(new SharedArrayBuffer(12))
  const local = database ? await startDynamoDBLocal({ port: await freePort() }) : undefined
  if (local) await ensureTables(localAws(local.endpoint))
  const workerData: ThreadData = { shared, database: local?.endpoint }
  const thread = new Worker(new URL('./services-thread.ts', import.meta.url), { workerData })
  const next = async (): Promise<FromThread> => (await once(thread, 'message'))[0] as FromThread
  const endpoints = (await next()) as Endpoints
  const calls = (): number => Atomics.load(shared, SHARED.calls)

  async function untilCalls(count: number): Promise<void> {
    // A timer would wait a millisecond at least.
    const answered = (): number => Atomics.load(shared, SHARED.answered)
    const isDone = (): boolean => calls() >= count && answered() >= calls()
    for (const deadline = Date.now() + WAIT_MS; !isDone(); await nextTurn()) {
      if (Date.now() < deadline) continue
      throw new Error(`${calls()} calls came and ${answered()} were answered, not ${count}`)
    }
  }

  async function linkTokenFor(email: string): Promise<string> {
    for (const deadline = Date.now() + WAIT_MS; Date.now() < deadline; await sleep(2)) {
      const answer = next()
      thread.postMessage(email, [])
      const { linkToken } = (await answer) as { linkToken: string | undefined }
      if (linkToken !== undefined) return linkToken
    }
    throw new Error(`No email arrived for ${email}`)
  }

  return {
    ...endpoints,
    calls,
    untilCalls,
    delaySecondCall: (micros) => void Atomics.store(shared, SHARED.delayMicros, micros),
    linkTokenFor,
    stop: async () => {
      thread.postMessage(null, [])
      await once(thread, 'exit')
      await local?.stop()
    },
  }
}
