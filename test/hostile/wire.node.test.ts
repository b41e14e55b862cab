import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { serve, type Served } from '../../bench/serve.ts'
import { buildWorker } from '../../dev/build-worker.ts'
import { workerBindings } from '../support/node/worker-bindings.ts'
import { BYTES_ON_THE_WIRE } from './list/bytes.ts'

const SCENARIO = 'hostile-wire'
/** A request that is not complete gets no answer: after this silence, its connection is closed. */
const SILENCE_MS = 1000
const AT_ONCE = 12

let folder: string
let served: Served
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-hostile-'))
  buildWorker(folder)
  const vars = workerBindings(inject('faultEndpoint'), inject('inboxEndpoint'))
  served = await serve(readFileSync(join(folder, 'index.js')), {
    ...vars,
    DYNAMODB_ENDPOINT: `${inject('faultEndpoint')}/${SCENARIO}`,
  })
}, 120_000)
afterAll(async () => {
  await served?.stop()
  rmSync(folder, { recursive: true })
})

/** Sends bytes. @returns all that comes back until the connection ends or is silent. */
function exchange(bytes: string): Promise<string> {
  const { hostname, port } = new URL(served.origin)
  const socket = connect(Number(port), hostname)
  let answer = ''
  return new Promise((resolve) => {
    const done = () => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('data', (data) => (answer += data.toString('latin1')))
    socket.on('error', done)
    socket.on('close', done)
    socket.setTimeout(SILENCE_MS, done)
    socket.write(Buffer.from(bytes, 'latin1'))
  })
}

/** What is wrong with the answers to these bytes. */
async function complaintsAbout(bytes: string): Promise<string[]> {
  const answers = (await exchange(bytes)).split(/(?=^HTTP\/1\.[01] \d{3} )/m).filter(Boolean)
  return answers.flatMap((answer) => {
    const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(answer)?.[1] ?? 999)
    // workerd itself refuses what is no HTTP: its answers have no id.
    const isOurs = /^x-request-id:/im.test(answer)
    const isFine = isOurs ? status >= 400 && status < 500 : [400, 431, 501].includes(status)
    return isFine ? [] : [`${JSON.stringify(bytes.slice(0, 120))}: ${answer.slice(0, 300)}`]
  })
}

it('T50: withstands bytes that no client sends, in plain workerd: no 5xx, and no effect', async () => {
  for (let from = 0; from < BYTES_ON_THE_WIRE.length; from += AT_ONCE) {
    const batch = BYTES_ON_THE_WIRE.slice(from, from + AT_ONCE)
    expect((await Promise.all(batch.map(complaintsAbout))).flat()).toEqual([])
  }
  expect((await fetch(`${served.origin}/healthz`)).status).toBe(200)
  const control = await fetch(`${inject('faultEndpoint')}/_control/${SCENARIO}`)
  expect(await control.json()).toEqual({ calls: [] })
}, 240_000)
