import { startControl } from './control.ts'
import { startElsewhere } from './elsewhere.ts'
import { startLatchkey } from './latchkey.ts'
import { openMailbox } from './mailbox.ts'
import { localAws } from '../dev/local-aws.ts'
import type { LoopbackServer } from '../dev/loopback-server.ts'

/** Starts the kit on a database with its tables and an inbox. @param port 0 takes any free one. */
export async function startTorture(on: {
  dynamodb: string
  inbox: string
  port: number
}): Promise<LoopbackServer> {
  const latchkey = await startLatchkey(on.dynamodb, on.inbox)
  const elsewhere = await startElsewhere()
  const kit = { latchkey, elsewhere, mailbox: openMailbox(on.inbox), aws: localAws(on.dynamodb) }
  const control = await startControl(kit, on.port)
  return {
    endpoint: control.endpoint,
    async stop() {
      await Promise.all([control.stop(), elsewhere.stop()])
      await latchkey.stop()
    },
  }
}
