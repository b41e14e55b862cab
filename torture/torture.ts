import { startDynamoDBLocal } from '../dev/dynamodb-local.ts'
import { startInbox } from '../dev/inbox/inbox.ts'
import { localAws } from '../dev/local-aws.ts'
import { freePort, requireFreePort } from '../dev/ports.ts'
import { Plain } from '../scripts/fail.ts'
import { ensureTables } from '../scripts/tables/tables.ts'
import { startTorture } from './start.ts'

const port = Number(process.env.TORTURE_PORT || 8790)

/** Stops the parts, the last started first. */
const stops: (() => Promise<void>)[] = []
let stopping = false
async function stopAll(exitCode: number): Promise<void> {
  if (stopping) return
  stopping = true
  for (let stop = stops.pop(); stop; stop = stops.pop()) await stop()
  process.exit(exitCode)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void stopAll(0))
}
// scripts/bootstrap.mjs, which started this process, has ended without passing on a signal.
process.on('disconnect', () => void stopAll(1))

try {
  await requireFreePort(port, 'the torture kit', 'TORTURE_PORT')
  const database = await startDynamoDBLocal({ port: await freePort() })
  stops.push(database.stop)
  await ensureTables(localAws(database.endpoint))
  const inbox = await startInbox(0)
  stops.push(inbox.stop)
  const kit = await startTorture({ dynamodb: database.endpoint, inbox: inbox.endpoint, port })
  stops.push(kit.stop)
  console.log(`Torture on ${kit.endpoint}`)
  console.log('How a client is run: torture/README.md')
} catch (error) {
  console.error(error instanceof Plain ? error.message : error)
  await stopAll(1)
}
