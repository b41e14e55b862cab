import { subscribe } from 'node:diagnostics_channel'
import type { ServerResponse } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'
import { startFaultProxy } from '../../dev/fault-proxy.ts'
import { computeUntil, startStandIn } from '../stand-in.ts'
import { startStore } from '../store.ts'
import { SHARED, type FromThread, type ThreadData } from './services.ts'

// The thread of `startServices`.

const { shared, database } = workerData as ThreadData
const port = parentPort!
const send = (message: FromThread): void => port.postMessage(message)

/** More than any answer of the stand-in takes: it is slower for the row of a person with devices, and only the Worker is measured. */
const EVEN_MICROS = 300

let callsSinceArmed = 0

// Node tells of every request of this thread's servers before the stand-ins see it.
subscribe('http.server.request.start', (message) => {
  const { response } = message as { response: ServerResponse }
  // Also after a call that the Worker gave up.
  response.once('close', () => Atomics.add(shared, SHARED.answered, 1))
  Atomics.add(shared, SHARED.calls, 1)
  const delayMicros = Atomics.load(shared, SHARED.delayMicros)
  // Two calls go out side by side, and the Worker waits for both: a delay of the first would be hidden.
  if (delayMicros === 0 || ++callsSinceArmed < 2) return
  callsSinceArmed = 0
  Atomics.store(shared, SHARED.delayMicros, 0)
  computeUntil(process.hrtime.bigint(), delayMicros)
})

type SendEmail = {
  Destination: { ToAddresses: string[] }
  Content: { Simple: { Body: { Text: { Data: string } } } }
}

const linkTokens = new Map<string, string>()
const mailbox = await startStandIn((_headers, input) => {
  const { Destination, Content } = input as SendEmail
  const [, linkToken] = /\/link\/([\w.~-]+)/.exec(Content.Simple.Body.Text.Data) ?? []
  if (linkToken) linkTokens.set(Destination.ToAddresses[0]!, linkToken)
  return { MessageId: crypto.randomUUID() }
})
const dynamodb =
  database === undefined ? await startStore(EVEN_MICROS) : await startFaultProxy(database)
const path = database === undefined ? '' : '/timing'

port.on('message', (email: string | null) => {
  if (email !== null) {
    send({ linkToken: linkTokens.get(email) })
    linkTokens.delete(email)
    return
  }
  void Promise.all([mailbox.stop(), dynamodb.stop()]).then(() => port.close())
})
send({ dynamodb: `${dynamodb.endpoint}${path}`, ses: mailbox.endpoint })
