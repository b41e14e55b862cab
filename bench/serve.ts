import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../dev/ports.ts'

export type Served = {
  origin: string
  /** The CPU time that workerd has used so far, user and system, in microseconds. Linux only. */
  cpuMicros: () => number
  /** The memory that workerd uses now (its resident set). Linux only. */
  memoryMib: () => number
  /** Resolves when workerd no longer uses CPU, so that its work after the responses has also ended. */
  untilIdle: () => Promise<void>
  stop: () => Promise<void>
}

/** Runs a bundle in plain `workerd serve`, so that nothing else runs in the process. */
export async function serve(bundle: Buffer, vars: Record<string, string>): Promise<Served> {
  const port = await freePort()
  const dir = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  writeFileSync(join(dir, 'index.js'), bundle)
  writeFileSync(join(dir, 'config.capnp'), config(port, vars))
  const workerd = (createRequire(import.meta.url)('workerd') as { default: string }).default
  const child = spawn(workerd, ['serve', join(dir, 'config.capnp')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  // A measurement that fails must not leave workerd running.
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
    memoryMib: () => memoryMib(child.pid!),
    untilIdle: () => untilIdle(() => cpuMicros(child.pid!)),
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

/** Adds up all threads. The kernel counts their time in nanoseconds (schedstat). */
function cpuMicros(pid: number): number {
  const nanos = readdirSync(`/proc/${pid}/task`).map((task) =>
    Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
  )
  return nanos.reduce((sum, value) => sum + value, 0) / 1000
}

function memoryMib(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kib) / 1024
}

const IDLE_CHECK_MS = 25
/** The process is idle when this many checks in a row find that it used no CPU. */
const IDLE_CHECKS = 2

/** Waits until the process uses no CPU. @throws if it does not become idle. */
async function untilIdle(cpuMicros: () => number): Promise<void> {
  let last = cpuMicros()
  let unchanged = 0
  for (let tries = 0; unchanged < IDLE_CHECKS; tries++) {
    if (tries > 400) throw new Error('workerd did not become idle')
    await sleep(IDLE_CHECK_MS)
    const now = cpuMicros()
    unchanged = now === last ? unchanged + 1 : 0
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
  compatibilityDate = "${compatibilityDate()}",
  bindings = [${bindings.join(', ')}],
);
`
}

/** That of the deployed Worker. */
function compatibilityDate(): string {
  const text = readFileSync(new URL('../wrangler.toml', import.meta.url), 'utf8')
  return /^compatibility_date = "([\d-]+)"$/m.exec(text)![1]!
}
