import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Readable } from 'node:stream'
import { build } from 'esbuild'
import { stopChild } from '../dev/stop-child.ts'
import type { LoopbackServer } from '../dev/loopback-server.ts'

/** The workerd that wrangler runs. */
const WRANGLER = new URL('../node_modules/wrangler/package.json', import.meta.url)
const WORKERD = (createRequire(WRANGLER)('workerd') as { default: string }).default

/** Bundles a Worker into one module. */
export async function bundleWorker(entryPoint: URL): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entryPoint)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
  })
  return outputFiles[0]!.text
}

/** Runs one module as a Worker, by workerd itself: no file of the developer's is read. @param vars text bindings. */
export async function startWorkerd(
  script: string,
  vars: Record<string, string>,
): Promise<LoopbackServer> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-torture-'))
  writeFileSync(join(folder, 'worker.js'), script)
  writeFileSync(join(folder, 'config.capnp'), configOf(vars))
  const child = spawn(
    WORKERD,
    ['serve', 'config.capnp', '--control-fd=3', '--socket-addr=http=127.0.0.1:0'],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  )
  let errors = ''
  child.stderr!.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)))
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  void ended.finally(() => process.off('exit', kill))
  const port = await Promise.race([portOf(child.stdio[3] as Readable), ended])
  rmSync(folder, { recursive: true })
  if (typeof port !== 'number') throw new Error(`workerd did not start: ${errors}`)
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => stopChild(child, ended, 2000) }
}

/** The first line that workerd writes to its control file: which port it took. */
const portOf = (control: Readable): Promise<number> =>
  new Promise((resolve) => {
    control.once('data', (chunk: Buffer) => {
      resolve((JSON.parse(chunk.toString().split('\n')[0]!) as { port: number }).port)
    })
  })

/** Cap'n Proto takes the strings of JSON, as long as they are ASCII. */
function configOf(vars: Record<string, string>): string {
  const bindings = Object.entries(vars).map(
    ([name, value]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(value)})`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      compatibilityDate = ${JSON.stringify(compatibilityDate())},
      bindings = [${bindings.join(', ')}],
    )),
    (name = "internet", network = (allow = ["local", "private", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`
}

const compatibilityDate = (): string =>
  /^compatibility_date = "(.+)"$/m.exec(
    readFileSync(new URL('../wrangler.toml', import.meta.url), 'utf8'),
  )![1]!
