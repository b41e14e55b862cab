import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../dev/ports.ts'

export type Served = {
  origin: string
  /** CPU that the workerd process has used so far, user and system, in microseconds. Linux only. */
  cpuMicros: () => number
  stop: () => Promise<void>
}

/** Runs a bundle in plain `workerd serve`: no wrangler, no proxy, nothing else in the process. */
export async function serve(bundle: string, vars: Record<string, string>): Promise<Served> {
  const port = await freePort()
  const dir = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  writeFileSync(join(dir, 'index.js'), readFileSync(bundle))
  writeFileSync(join(dir, 'config.capnp'), config(port, vars))
  const workerd = (createRequire(import.meta.url)('workerd') as { default: string }).default
  const child = spawn(workerd, ['serve', join(dir, 'config.capnp')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const origin = `http://127.0.0.1:${port}`
  for (let tries = 0; !(await answers(`${origin}/healthz`)); tries++) {
    if (tries > 2000 || child.exitCode !== null) throw new Error('workerd did not start')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return {
    origin,
    cpuMicros: () => cpuMicros(child.pid!),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => {
          rmSync(dir, { recursive: true })
          resolve()
        })
        child.kill('SIGKILL')
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
