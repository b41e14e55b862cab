import { APPROVALS_TABLE, TOKENS_TABLE } from '../../../../src/base/tables.ts'
import { realWorld, type World } from '../../../../src/base/world.ts'
import { requestIdOf } from '../../../../src/model/access-request.ts'
import { startConsole, type Console } from '../console.ts'
import { faultyMessages, isMessageCall, type MessageRule } from '../message-faults.ts'
import { newEmail, startLatchkey, type Fault, type Latchkey } from '../latchkey.ts'
import { createSimulatedTime } from '../simulated-time.ts'
import { takeAdmin, type Admin } from './admins.ts'

export type WorkerName = 'public' | 'console'

/** The Workers of one case, with a time and a network of their own. */
export type Stage = {
  auth: Latchkey
  /** Only for flows of the console. */
  console: Console
  admin: Admin
  clock: { offsetMs: number }
  world: World
  /** An address outside of the company. Its approval and its access request are removed at the end. */
  newGuest: () => string
  /** The simulated time, in milliseconds. */
  ticks: () => number
  /** Messages that were sent although the Worker did not hear of it. */
  unheardMessages: () => number
  /**
   * @returns the calls since the last time, each with its tries: DynamoDB's, then those of the services that send
   * messages.
   */
  setFaults: (faults: Fault[]) => Promise<string[]>
  /** Waits for all work after the responses, and for what is late. */
  settle: () => Promise<void>
  cleanUp: () => Promise<void>
}

/** @param worker the one that the faults strike. */
export async function setStage(
  worker: WorkerName,
  env: Record<string, string> = {},
): Promise<Stage> {
  const messages = faultyMessages()
  const { world, clock, quiet } = createSimulatedTime(messages.fetch)
  const options = { world, clock }
  const admin = worker === 'console' ? await takeAdmin() : undefined
  const both =
    admin &&
    (await startConsole({ admins: [admin.email] }, { ...options, auth: options, shared: env }))
  const auth = both?.auth ?? startLatchkey({ ...options, env })
  const struck = both ?? auth
  const guests: string[] = []
  const workers = both === undefined ? [auth] : [both, auth]
  let since = 0

  return {
    auth,
    clock,
    world: { ...realWorld, ...world },
    get console() {
      return both!
    },
    get admin() {
      return admin!
    },
    newGuest() {
      const email = newEmail('guests.example')
      guests.push(email)
      return email
    },
    ticks: world.ticks,
    unheardMessages: () => messages.unheard,
    async setFaults(faults) {
      const isOfMessage = ({ call = '' }: Fault) => isMessageCall(call)
      const ofMessages = [...messages.calls]
      messages.setRules(faults.filter(isOfMessage) as MessageRule[])
      const all = await struck.setFaults(faults.filter((fault) => !isOfMessage(fault)))
      const ofDynamo = all.slice(since).map(({ name }) => name)
      since = all.length
      return [...ofDynamo, ...ofMessages]
    },
    async settle() {
      for (const one of workers) await one.settle()
      await quiet()
    },
    async cleanUp() {
      admin?.giveBack()
      for (const one of workers) await one.forgetCalls()
      for (const email of guests) {
        const Key = { tokenId: await requestIdOf(email) }
        await auth.db.transact({
          approval: { Delete: { TableName: APPROVALS_TABLE, Key: { email } } },
          request: { Delete: { TableName: TOKENS_TABLE, Key } },
        })
      }
    },
  }
}
