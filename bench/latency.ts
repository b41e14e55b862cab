import { startDynamoDBLocal } from '../dev/dynamodb-local.ts'
import { LOCAL_AWS, localAws } from '../dev/local-aws.ts'
import { freePort } from '../dev/ports.ts'
import { ensureTables } from '../scripts/tables/tables.ts'
import { startFaultProxy } from '../dev/fault-proxy.ts'
import { AwsClient } from 'aws4fetch'
import { bundles } from './bundles.ts'
import { benchVars, mailLinks } from './people.ts'
import { serve } from './serve.ts'
import { expectStatus, quantile, timed } from './stats.ts'

/**
 * What a person waits for: redeeming a link with 80 ms added to each DynamoDB call, one request at a time,
 * against DynamoDB Local, beside the bare one-transaction Worker, in alternating rounds.
 */
const DELAY_MS = 80
const ROUNDS = 5
const PER_ROUND = 20

const database = await startDynamoDBLocal({ port: await freePort() })
const proxy = await startFaultProxy(database.endpoint)
try {
  await ensureTables(localAws(database.endpoint))
  const rules = JSON.stringify([{ fault: 'slow', delayMs: DELAY_MS }])
  await fetch(`${proxy.endpoint}/_control/bench`, { method: 'PUT', body: rules })
  const vars = await benchVars(`${proxy.endpoint}/bench`)
  const built = await bundles()
  const [latchkey, floor] = await Promise.all([
    serve(built.latchkey, vars),
    serve(built.floor, vars),
  ])
  const aws = new AwsClient({ ...LOCAL_AWS, service: 'dynamodb' })
  const put = (Item: Record<string, unknown>) =>
    aws.fetch(database.endpoint, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': 'DynamoDB_20120810.PutItem',
      },
      body: JSON.stringify({ TableName: 'mobile-auth-tokens', Item }),
    })

  const times = { latchkey: [] as number[], floor: [] as number[] }
  for (let round = 0; round <= ROUNDS; round++) {
    const links = await mailLinks(vars, PER_ROUND)
    for (const { row } of links) await put(row)
    const counted = round > 0 // the first warms both
    for (const { form } of links) {
      const ms = await timed(async () => {
        const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
        const request = { method: 'POST', headers, body: form }
        await expectStatus(await fetch(`${latchkey.origin}/v1/token`, request), 200)
      })
      if (counted) times.latchkey.push(ms)
    }
    for (let i = 0; i < PER_ROUND; i++) {
      const ms = await timed(async () => {
        const body = JSON.stringify({ id: crypto.randomUUID() })
        await expectStatus(await fetch(`${floor.origin}/sign-in`, { method: 'POST', body }), 200)
      })
      if (counted) times.floor.push(ms)
    }
  }
  for (const [name, values] of Object.entries(times)) {
    const [p50, p95] = [quantile(values, 0.5), quantile(values, 0.95)]
    console.log(
      `redeem, ${name}: p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms (${values.length})`,
    )
  }
  const ratio = quantile(times.latchkey, 0.5) / quantile(times.floor, 0.5)
  console.log(`redeem p50, latchkey / floor: ${ratio.toFixed(2)}`)
  await Promise.all([latchkey.stop(), floor.stop()])
} finally {
  await proxy.stop()
  await database.stop()
}
