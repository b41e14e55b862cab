import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseEnv } from 'node:util'
import { expect, it } from 'vitest'
import { serve } from '../../bench/serve.ts'
import { buildWorker } from '../../dev/build-worker.ts'
import { startFaultProxy } from '../../dev/fault-proxy.ts'
import { newEmail } from './person.ts'
import { devWorld } from './world.ts'

const SLOW_MS = 300
/** While DynamoDB is at work for the request. */
const GONE_AFTER_MS = [20, 100, 150, 200, 250, 280]

/** Sends a request and hangs up before its answer, as a phone does that loses its network. */
async function hangUp(origin: string, path: string, body: object, afterMs: number): Promise<void> {
  const { hostname, port } = new URL(origin)
  const text = JSON.stringify(body)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  )
  await sleep(afterMs)
  socket.resetAndDestroy()
}

it('T49: sends the email even if the phone hangs up during the ask (in plain workerd, because wrangler dev hides this)', async () => {
  const world = await devWorld()
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-disconnect-'))
  const proxy = await startFaultProxy(world.aws.endpoint)
  try {
    await fetch(`${proxy.endpoint}/_control/slow`, {
      method: 'PUT',
      body: JSON.stringify([{ fault: 'slow', delayMs: SLOW_MS }]),
    })
    buildWorker(folder)
    const vars = parseEnv(readFileSync(world.varsFile, 'utf8')) as Record<string, string>
    const served = await serve(readFileSync(join(folder, 'index.js')), {
      AUDIENCE: 'https://api.latchkey.test',
      MAIL_FROM: 'Latchkey <sign-in@latchkey.test>',
      ...vars,
      SES_ENDPOINT: world.inbox,
      DYNAMODB_ENDPOINT: `${proxy.endpoint}/slow`,
    })
    const emails = GONE_AFTER_MS.map(() => newEmail())
    const codeChallenge = 'A'.repeat(43)
    for (const [i, email] of emails.entries()) {
      await hangUp(served.origin, '/v1/links', { email, codeChallenge }, GONE_AFTER_MS[i]!)
    }
    const mailed = async (email: string) => {
      const url = `${world.inbox}/messages?to=${encodeURIComponent(email)}`
      return ((await (await fetch(url)).json()) as unknown[]).length
    }
    await expect
      .poll(async () => Promise.all(emails.map(mailed)), { timeout: 15_000 })
      .toEqual(emails.map(() => 1))
    await served.stop()
  } finally {
    await proxy.stop()
    rmSync(folder, { recursive: true })
  }
})
