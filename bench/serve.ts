import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../dev/ports.ts'

export type Served = {
  origin: string
  /** CPU that the workerd process has used so far, user and system, in microseconds. Linux only. */
  cpuMicros: () => number
  /** Resolves when the process uses no CPU any more: what it does after its answers is done too. */
  atRest: () => Promise<void>
  stop: () => Promise<void>
}

/** Runs a bundle in plain `workerd serve`: no wrangler, no proxy, nothing else in the process. */
export async function serve(bundle: Buffer, vars: Record<string, string>): Promise<Served> {
  const port = await freePort()
  const dir = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  writeFileSync(join(dir, 'index.js'), bundle)
  writeFileSync(join(dir, 'config.capnp'), config(port, vars))
  const workerd = (createRequire(import.meta.url)('workerd') as { default: string }).default
  const child = spawn(workerd, ['serve', join(dir, 'config.capnp')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  // A measurement that fails must leave no process behind.
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const origin = `http://127.0.0.1:${port}`
  for (let tries = 0; !(await answers(`${origin}/healthz`)); tries++) {
    if (tries > 2000 || child.exitCode !== null) throw new Error('workerd did not start')
    await sleep(5)
  }
  return {
    origin,
    cpuMicros: () => cpuMicros(child.pid!),
    atRest: () => atRest(() => cpuMicros(child.pid!)),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => {
          process.off('exit', kill)
          rmSync(dir, { recursive: true })
          resolve()
        })
        kill()
      }),
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

/** Sums every thread: the kernel counts them in nanoseconds (schedstat). */
function cpuMicros(pid: number): number {
  const nanos = readdirSync(`/proc/${pid}/task`).map((task) =>
    Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
  )
  return nanos.reduce((sum, value) => sum + value, 0) / 1000
}

const REST_MS = 25
const REST_TIMES = 2

/** Waits until the count stands still. @throws when it never does. */
async function atRest(count: () => number): Promise<void> {
  let last = count()
  let still = 0
  for (let tries = 0; still < REST_TIMES; tries++) {
    if (tries > 400) throw new Error('workerd does not come to rest')
    await sleep(REST_MS)
    const now = count()
    still = now === last ? still + 1 : 0
    last = now
  }
}

function config(port: number, vars: Record<string, string>): string {
  const bindings = Object.entries(vars).map(
    ([name, value]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(value)})`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "index.js", esModule = embed "index.js")],
  compatibilityDate = "2026-10-20",
  bindings = [${bindings.join(', ')}],
);
`
}
