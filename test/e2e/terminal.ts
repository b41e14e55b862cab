import { spawn } from 'node:child_process'
const WAIT_MS = 20_000

export type Ended = { exit: number; out: string; err: string }
export type Running = {
  /** Resolves when the program has written this text since the last call. @returns what it wrote since then. */
  wrote: (text: string) => Promise<string>
  type: (text: string) => void
  kill: (signal: NodeJS.Signals) => void
  ended: Promise<Ended>
}

/** A person's machine: a home, variables of its own, and the file that starts the command line. */
export type Home = { folder: string; env: NodeJS.ProcessEnv; bin: string }

/** Runs `latchkey` without a terminal. */
export const latchkey = (home: Home, ...argv: string[]): Running =>
  start(process.execPath, [home.bin, ...argv], home)

/** Runs `latchkey` in a pseudo terminal of 80 columns, which `script` makes. What it writes is all in `out`. */
export function latchkeyOnTerminal(home: Home, ...argv: string[]): Running {
  const words = [process.execPath, home.bin, ...argv].map(
    (word) => `'${word.replaceAll("'", `'\\''`)}'`,
  )
  const command = `stty cols 80 rows 40; exec ${words.join(' ')}`
  return start('script', ['--quiet', '--return', '--command', command, '/dev/null'], home)
}

function start(program: string, argv: string[], { folder, env }: Home): Running {
  const { PATH } = process.env
  const child = spawn(program, argv, {
    cwd: folder,
    env: { PATH, HOME: folder, TERM: 'xterm', SHELL: '/bin/bash', ...env },
  })
  const written = { out: '', err: '' }
  let seen = 0
  let heard = (): void => {}
  for (const [name, stream] of [['out', child.stdout] as const, ['err', child.stderr] as const]) {
    stream.on('data', (chunk: Buffer) => {
      written[name] += chunk.toString()
      heard()
    })
  }
  const ended = new Promise<Ended>((done) => {
    child.on('close', (code, signal) => {
      heard()
      done({ exit: code ?? (signal === null ? -1 : 128), ...written })
    })
  })
  return {
    type: (text) => child.stdin.write(text),
    kill: (signal) => child.kill(signal),
    ended,
    wrote: (text) =>
      new Promise((done, fail) => {
        const all = () => written.out + written.err
        const late = () => fail(new Error(`${text} was not written, but:\n${all()}`))
        const timer = setTimeout(late, WAIT_MS)
        heard = () => {
          const at = all().indexOf(text, seen)
          if (at === -1) {
            if (child.exitCode !== null || child.signalCode !== null) late()
            return
          }
          const since = all().slice(seen, at + text.length)
          seen = at + text.length
          clearTimeout(timer)
          done(since)
        }
        heard()
      }),
  }
}
