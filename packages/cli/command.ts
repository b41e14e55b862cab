import type { Api } from './api/api.ts'
import type { Place } from './session/place.ts'
import type { Shell } from './terminal/shell.ts'

export type Option = {
  summary: string
  /** What stands for the value in help: `DATE`. Without it, the option takes no value. */
  value?: string
  choices?: readonly string[]
  short?: string
}

/** A positional argument. `rest`: any number of them, also none. */
export type Argument = {
  name: string
  summary: string
  choices?: readonly string[]
  optional?: true
  rest?: true
}

export type Command = {
  /** `approvals add` */
  name: string
  summary: string
  /** What help says besides. */
  more?: string
  args: readonly Argument[]
  options: Readonly<Record<string, Option>>
  example: string
  /** Ends with exit code 0, unless it throws a Failure. */
  run: (work: Work, input: Input) => Promise<void>
}

/** What was typed, checked against the command's arguments and options. */
export type Input = {
  args: readonly string[]
  text: (option: string) => string | undefined
  given: (option: string) => boolean
}

/** What a command works with. */
export type Work = {
  shell: Shell
  json: boolean
  yes: boolean
  /** Where the console is. Found on the first call. */
  place: () => Promise<Place>
  api: () => Promise<Api>
}

/** Every command has these. */
export const COMMON: Readonly<Record<string, Option>> = {
  console: {
    value: 'URL',
    summary: 'The console. Otherwise LATCHKEY_CONSOLE, or where you signed in',
  },
  json: { summary: 'Print the response of the API as JSON' },
  help: { summary: 'Print what a command does', short: 'h' },
}

/** For what ends somebody's access. */
export const YES: Readonly<Record<string, Option>> = {
  yes: { summary: 'Do not ask. Needed where there is no terminal', short: 'y' },
}

export const END: Readonly<Record<string, Option>> = {
  until: { value: 'DATE', summary: '2027-03-31 (its end, UTC), 2027-03-31T12:00:00Z, or never' },
  days: { value: 'N', summary: 'So many days from now' },
}

export const ADDRESS: Argument = { name: 'ADDRESS', summary: 'An email address' }
