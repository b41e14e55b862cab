import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Readable } from 'node:stream'
import { stopChild } from './stop-child.ts'
import { tidy } from './tidy-wrangler.ts'
import { WRANGLER, wranglerEnv } from './wrangler-env.ts'

export type DevWorker = {
  /** Resolves with true when `/readyz` answers 200, and with false when it no longer can. */
  ready: () => Promise<boolean>
  /** Stops wrangler and its children. Resolves when they have ended. */
  stop: () => Promise<void>
  /** Resolves with the exit code when wrangler has ended, for any reason. */
  ended: Promise<number>
}

/** The environment of wrangler.toml that describes a Worker. The public Worker is at its top level. */
export type WorkerName = '' | 'console'

/** What runs instead of a Worker's own entry point. */
export const DEV_ENTRY = { '': 'dev/workers/public.ts', console: 'dev/workers/console.ts' } as const

/**
 * Runs one of the Workers under `wrangler dev`.
 * @param vars override `.dev.vars` and wrangler.toml.
 * @param address the only address on which it listens.
 */
export function startDevWorker(
  name: WorkerName,
  port: number,
  vars: Record<string, string>,
  address = '127.0.0.1',
): DevWorker {
  const flags = ['--ip', address, '--port', String(port), '--inspector-port', '0']
  flags.push(`--env=${name}`)
  // Two processes must not share the files of their rate limits.
  if (name !== '') flags.push('--persist-to', `.wrangler/${name}`)
  const overrides = Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`])
  const child = spawn(
    process.execPath,
    [
      '--no-warnings',
      WRANGLER,
      'dev',
      DEV_ENTRY[name],
      ...flags,
      '--show-interactive-dev-session=false',
      ...overrides,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: wranglerEnv(process.env) },
  )
  // When wrangler ends, its esbuild may print a trace of its own, which says nothing about the Worker.
  let stopping = false
  const [buildFailed, logged] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const inspect = (line: string): void => {
    if (line.includes('Build failed')) buildFailed.resolve()
    if (line.startsWith('{')) logged.resolve()
  }
  const isShown = () => !stopping
  show(child.stdout, process.stdout, inspect, isShown)
  show(child.stderr, process.stderr, inspect, isShown)
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1))
    child.once('error', () => resolve(1))
  })

  const answersReady = async (): Promise<boolean> => {
    while (child.exitCode === null) {
      const answer = await fetch(`http://${address}:${port}/readyz`).then(
        async (response) => ({ ok: response.ok, body: await response.text() }),
        () => null,
      )
      if (answer?.ok) return true
      // The Worker has logged which variable is wrong.
      if (answer?.body.includes('misconfigured')) return false
      await sleep(150)
    }
    return false
  }
  // After a failed first build, wrangler neither watches the sources nor responds. This delay lets its error be
  // printed.
  const afterFailedBuild = buildFailed.promise.then(() => sleep(300, false))
  const ready = async (): Promise<boolean> => {
    const isReady = await Promise.race([answersReady(), afterFailedBuild])
    // The Worker logs that request after its response. Waiting for this line makes the caller's line the last one.
    if (isReady) await Promise.race([logged.promise, sleep(2000)])
    return isReady
  }
  const stop = (): Promise<void> => {
    stopping = true
    return stopChild(child, ended, 5000)
  }
  return { ready, stop, ended }
}

function show(
  from: Readable,
  to: NodeJS.WriteStream,
  inspect: (line: string) => void,
  isShown: () => boolean,
): void {
  const isWorthShowing = tidy()
  createInterface({ input: from }).on('line', (line) => {
    inspect(line)
    if (isWorthShowing(line) && isShown()) to.write(`${line}\n`)
  })
}
