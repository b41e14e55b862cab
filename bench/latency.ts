import { startDynamoDBLocal } from '../dev/dynamodb-local.ts'
import { localAws } from '../dev/local-aws.ts'
import { freePort } from '../dev/ports.ts'
import { ensureTables } from '../scripts/tables/tables.ts'
import { startFaultProxy } from '../dev/fault-proxy.ts'
import { bundles, sizes } from './bundles.ts'
import { floorSignIn } from './floor-person.ts'
import { startMailbox } from './mailbox.ts'
import { readOptions } from './options.ts'
import { ask, newPeople, signIn } from './person.ts'
import { serve } from './serve.ts'
import { quantile, timed } from './stats.ts'
import { benchVars } from './vars.ts'

/**
 * Measures how long a person waits to request a link and to sign in with it. DynamoDB Local answers each call 80 ms
 * late, and requests are sent one after the other. In alternating rounds, it measures Latchkey, the reference floor
 * and, with `--against`, another build of Latchkey.
 */
const DELAY_MS = 80

const { against, rounds, requests } = readOptions({ rounds: 5, requests: 20 })
const database = await startDynamoDBLocal({ port: await freePort() })
const proxy = await startFaultProxy(database.endpoint)
const mailbox = await startMailbox()
try {
  await ensureTables(localAws(database.endpoint))
  const rules = JSON.stringify([{ fault: 'slow', delayMs: DELAY_MS }])
  await fetch(`${proxy.endpoint}/_control/bench`, { method: 'PUT', body: rules })
  const vars = await benchVars({ dynamodb: `${proxy.endpoint}/bench`, ses: mailbox.endpoint })
  const built = await bundles(against)
  const floor = await serve(built.floor, vars)
  const builds = [{ name: 'latchkey', served: await serve(built.latchkey, vars) }]
  if (built.against) builds.push({ name: 'against', served: await serve(built.against, vars) })

  const times: Record<string, number[]> = {}
  for (let round = 0; round <= rounds; round++) {
    const record = (name: string, ms: number): void => {
      // The first round only warms up.
      if (round > 0) (times[name] ??= []).push(ms)
    }
    for (const { name, served } of round % 2 === 0 ? builds : builds.toReversed()) {
      const people = newPeople(requests)
      for (const person of people) {
        record(`ask, ${name}`, await timed(() => ask(served.origin, person)))
      }
      for (const person of people) {
        const link = await mailbox.linkTokenFor(person.email)
        record(`sign-in, ${name}`, await timed(() => signIn(served.origin, person, link)))
      }
    }
    for (let i = 0; i < requests; i++) {
      record('sign-in, floor', await timed(() => floorSignIn(floor.origin)))
    }
  }

  console.log(sizes(built))
  for (const [name, values] of Object.entries(times)) {
    const [p50, p95] = [quantile(values, 0.5), quantile(values, 0.95)]
    console.log(`${name}: p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms (${values.length})`)
  }
  const compare = (flow: string, name: string, base: string, baseFlow = flow): void => {
    const [values, baseValues] = [times[`${flow}, ${name}`]!, times[`${baseFlow}, ${base}`]!]
    const [p50, p95] = [0.5, 0.95].map((p) =>
      (quantile(values, p) / quantile(baseValues, p)).toFixed(2),
    )
    console.log(`${flow}, ${name} / ${base} ${baseFlow}: p50 ${p50}, p95 ${p95}`)
  }
  for (const flow of ['ask', 'sign-in']) {
    compare(flow, 'latchkey', 'floor', 'sign-in')
    if (built.against) compare(flow, 'latchkey', 'against')
  }
  await Promise.all([floor, ...builds.map(({ served }) => served)].map((served) => served.stop()))
} finally {
  await mailbox.stop()
  await proxy.stop()
  await database.stop()
}
