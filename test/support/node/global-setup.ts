import type { TestProject } from 'vitest/node'
import { startDynamoDBLocal } from '../../../dev/dynamodb-local.ts'
import { startInbox } from '../../../dev/inbox/inbox.ts'
import { localAws } from '../../../dev/local-aws.ts'
import { freePort } from '../../../dev/ports.ts'
import { startSqs } from '../../../dev/sqs.ts'
import { startSts } from '../../../dev/sts.ts'
import { ensureTables } from '../../../scripts/tables/tables.ts'
import { startFaultProxy } from '../../../dev/fault-proxy.ts'
import { startLoopbackServer } from '../../../dev/loopback-server.ts'
import { startTorture } from '../../../torture/start.ts'
import type { Provided } from './provided.ts'

/** Starts the world that all tests share, once. With DYNAMODB_ENDPOINT set, that database is used. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const given = process.env.DYNAMODB_ENDPOINT
  const local = given ? undefined : await startDynamoDBLocal({ port: await freePort() })
  const dynamodbEndpoint = given ?? local!.endpoint
  await ensureTables(localAws(dynamodbEndpoint))
  const inbox = await startInbox(0)
  const proxy = await startFaultProxy(dynamodbEndpoint)
  const sts = await startSts()
  const sqs = await startSqs()
  const on = { dynamodb: dynamodbEndpoint, inbox: inbox.endpoint, port: 0 }
  // Few runs need the kit: it starts when the first test asks for it.
  let kit: ReturnType<typeof startTorture> | undefined
  const torture = await startLoopbackServer(0, (_, response) => {
    kit ??= startTorture(on)
    kit.then(
      ({ endpoint }) => response.end(JSON.stringify({ kit: endpoint })),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  const provided: Provided = {
    tortureEndpoint: torture.endpoint,
    dynamodbEndpoint,
    faultEndpoint: proxy.endpoint,
    inboxEndpoint: inbox.endpoint,
    stsEndpoint: sts.endpoint,
    sqsEndpoint: sqs.endpoint,
  }
  for (const [name, value] of Object.entries(provided)) provide(name as keyof Provided, value)
  return async () => {
    await Promise.all([torture.stop(), kit?.then(({ stop }) => stop())])
    await Promise.all([proxy.stop(), sts.stop(), sqs.stop(), inbox.stop(), local?.stop()])
  }
}
