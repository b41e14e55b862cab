import { LatchkeyError } from '../client/index.ts'
import { createApi } from './api/api.ts'
import type { Work } from './command.ts'
import { COMMANDS } from './commands.ts'
import { EXIT, Failure } from './exit.ts'
import { help } from './help.ts'
import { parse } from './parse.ts'
import { findCaller } from './session/caller.ts'
import { failureOf } from './session/person.ts'
import { findPlace, type Place } from './session/place.ts'
import { createShell, type Machine } from './terminal/shell.ts'
import { VERSION } from './version.ts'

/** Runs one command. @returns the exit code. */
export async function run(argv: readonly string[], machine: Machine): Promise<number> {
  const shell = createShell(machine)
  try {
    const parsed = parse(argv, COMMANDS)
    if (parsed.kind === 'version') shell.print(VERSION)
    if (parsed.kind === 'help') shell.print(...help(parsed.words, COMMANDS, shell))
    if (parsed.kind !== 'run') return EXIT.ok
    const { command, input } = parsed
    let found: Promise<Place> | undefined
    const place = () => (found ??= findPlace(machine, input.text('console')))
    const work: Work = {
      shell,
      json: input.given('json'),
      yes: input.given('yes'),
      place,
      async api() {
        const { console, folder } = await place()
        return createApi(machine, console, await findCaller(shell, { console, folder }))
      },
    }
    await command.run(work, input)
    return EXIT.ok
  } catch (error) {
    const { exit, message } = told(error, machine)
    shell.tell(message)
    return exit
  }
}

/** @throws what is a fault of the program: its stack is of use. */
function told(error: unknown, { signal }: Machine): Failure {
  if (error instanceof Failure) return error
  if (signal.aborted) return new Failure(EXIT.interrupted, 'Interrupted.')
  if (error instanceof LatchkeyError) return failureOf(error)
  const { code, message } = error as NodeJS.ErrnoException
  // Of the file system: EACCES, ENOSPC and so on.
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return new Failure(EXIT.refused, message)
  throw error
}
