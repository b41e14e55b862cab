import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Readable } from 'node:stream'
import { tidy } from './tidy-wrangler.ts'
import { WRANGLER, wranglerEnv } from './wrangler-env.ts'

export type DevWorker = {
  /** Resolves when `/healthz` has answered 200; waits as long as wrangler lives, for a build may be mended. */
  ready: () => Promise<void>
  /** Resolves when wrangler and all that it started are gone. */
  stop: () => Promise<void>
  /** Resolves with the exit code when wrangler ended, whoever ended it. */
  ended: Promise<number>
}

/**
 * Runs the Worker under `wrangler dev`.
 * @param vars lie over `.dev.vars` and wrangler.toml.
 */
export function startDevWorker(port: number, vars: Record<string, string>): DevWorker {
  const flags = ['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0']
  const overlay = Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`])
  const child = spawn(
    process.execPath,
    [
      '--no-warnings',
      WRANGLER,
      'dev',
      ...flags,
      '--show-interactive-dev-session=false',
      ...overlay,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: wranglerEnv(process.env) },
  )
  show(child.stdout, process.stdout)
  show(child.stderr, process.stderr)
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1))
    child.once('error', () => resolve(1))
  })

  const ready = async (): Promise<void> => {
    while (child.exitCode === null) {
      const healthy = await fetch(`http://127.0.0.1:${port}/healthz`).then(
        async (response) => (await response.arrayBuffer(), response.status === 200),
        () => false,
      )
      // The Worker's log line about that very request comes a moment after its answer.
      await sleep(150)
      if (healthy) return
    }
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const patience = setTimeout(() => child.kill('SIGKILL'), 5000)
    await ended
    clearTimeout(patience)
  }
  return { ready, stop, ended }
}

function show(from: Readable, to: NodeJS.WriteStream): void {
  const keep = tidy()
  createInterface({ input: from }).on('line', (line) => {
    if (keep(line)) to.write(`${line}\n`)
  })
}
