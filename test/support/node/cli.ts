import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { run } from '../../../packages/cli/run.ts'
import type { Machine } from '../../../packages/cli/terminal/shell.ts'

/** A machine with an empty home, and streams that a test reads and writes. It reaches the network only when it is told to. */
export type TestMachine = Machine & {
  /** What was written so far. */
  out: () => string
  err: () => string
  type: (text: string) => void
  interrupt: () => void
  remove: () => void
}

export function testMachine({
  isTTY = false,
  columns = 80,
  env = {},
  network = false,
}: {
  isTTY?: boolean
  columns?: number
  env?: NodeJS.ProcessEnv
  network?: boolean
} = {}): TestMachine {
  const home = mkdtempSync(join(tmpdir(), 'latchkey-cli-'))
  const stream = () => Object.assign(new PassThrough(), { isTTY, columns })
  const [stdin, stdout, stderr] = [stream(), stream(), stream()]
  const written = { out: '', err: '' }
  stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString()))
  stderr.on('data', (chunk: Buffer) => (written.err += chunk.toString()))
  const interrupted = new AbortController()
  return {
    stdin,
    stdout,
    stderr,
    env,
    home,
    hostname: 'test',
    now: Date.now,
    fetch: network ? fetch : () => Promise.reject(new TypeError('there is no network')),
    signal: interrupted.signal,
    out: () => written.out,
    err: () => written.err,
    type: (text) => stdin.write(text),
    interrupt: () => interrupted.abort(),
    remove: () => rmSync(home, { recursive: true }),
  }
}

/** Runs one command without a terminal. */
export async function runCli(argv: string[], env: NodeJS.ProcessEnv = {}) {
  const machine = testMachine({ env })
  try {
    const exit = await run(argv, machine)
    return { exit, out: machine.out(), err: machine.err() }
  } finally {
    machine.remove()
  }
}
