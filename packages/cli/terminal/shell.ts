import { createPaint, type Paint } from './paint.ts'
import { plain } from './plain.ts'

type Stream = { isTTY?: boolean; columns?: number }
export type Output = NodeJS.WritableStream & Stream
export type Input = NodeJS.ReadableStream & Stream

/** What a command has of the machine. */
export type Machine = {
  stdin: Input
  stdout: Output
  stderr: Output
  env: NodeJS.ProcessEnv
  /** Where the person's files are. */
  home: string
  /** How the person's list of sessions calls this device. */
  hostname: string
  /** Unix milliseconds. */
  now: () => number
  fetch: typeof fetch
  /** Aborted by Ctrl-C and by SIGTERM. */
  signal: AbortSignal
}

export type Shell = Machine & {
  /** Writes lines to stdout. Text of other people must be plain already, since these lines may have colours. */
  print: (...lines: string[]) => void
  /** Writes lines for the person to stderr, so that stdout holds only what was asked for. */
  tell: (...lines: string[]) => void
  paint: Paint
  /** Columns of the terminal; without a terminal, there is no limit. */
  width: number
  /** Whether a person can be asked. */
  interactive: boolean
}

export const createShell = (machine: Machine): Shell => ({
  ...machine,
  print(...lines) {
    machine.stdout.write(`${lines.join('\n')}\n`)
  },
  tell(...lines) {
    machine.stderr.write(`${lines.map(plain).join('\n')}\n`)
  },
  paint: createPaint(machine.stdout.isTTY === true, machine.env),
  width: machine.stdout.isTTY === true ? (machine.stdout.columns ?? 80) : Infinity,
  interactive: machine.stdin.isTTY === true && machine.stderr.isTTY === true,
})
