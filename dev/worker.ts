import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Readable } from 'node:stream'
import { tidy } from './tidy-wrangler.ts'
import { WRANGLER, wranglerEnv } from './wrangler-env.ts'

export type DevWorker = {
  /** Resolves with true when `/readyz` has answered 200, with false when it never will. */
  ready: () => Promise<boolean>
  /** Resolves when wrangler and all that it started are gone. */
  stop: () => Promise<void>
  /** Resolves with the exit code when wrangler ended, whoever ended it. */
  ended: Promise<number>
}

/** What wrangler.toml calls each Worker: the public one is its top level. */
export type WorkerName = '' | 'console'

/**
 * Runs a Worker under `wrangler dev`.
 * @param vars lie over `.dev.vars` and wrangler.toml.
 */
export function startDevWorker(
  name: WorkerName,
  port: number,
  vars: Record<string, string>,
): DevWorker {
  const flags = ['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0']
  flags.push(`--env=${name}`)
  // Two processes must not share the files of their rate limits.
  if (name !== '') flags.push('--persist-to', `.wrangler/${name}`)
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
  const [broken, logged] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const look = (line: string): void => {
    if (line.includes('Build failed')) broken.resolve()
    if (line.startsWith('{')) logged.resolve()
  }
  show(child.stdout, process.stdout, look)
  show(child.stderr, process.stderr, look)
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1))
    child.once('error', () => resolve(1))
  })

  const healthy = async (): Promise<boolean> => {
    while (child.exitCode === null) {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`).then(
        async (response) => ({ ok: response.ok, said: await response.text() }),
        () => null,
      )
      if (answer?.ok) return true
      // Its own log line, above, names the variable.
      if (answer?.said.includes('misconfigured')) return false
      await sleep(150)
    }
    return false
  }
  // Wrangler watches the sources only after a first build that succeeds, and lets requests wait till then.
  const neverReady = broken.promise.then(() => sleep(300, false))
  const ready = async (): Promise<boolean> => {
    const isReady = await Promise.race([healthy(), neverReady])
    // The Worker's own line about that request comes after its answer; what is said next shall stay last.
    if (isReady) await Promise.race([logged.promise, sleep(2000)])
    return isReady
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const patience = setTimeout(() => child.kill('SIGKILL'), 5000)
    await ended
    clearTimeout(patience)
  }
  return { ready, stop, ended }
}

function show(from: Readable, to: NodeJS.WriteStream, look: (line: string) => void): void {
  const keep = tidy()
  createInterface({ input: from }).on('line', (line) => {
    look(line)
    if (keep(line)) to.write(`${line}\n`)
  })
}
