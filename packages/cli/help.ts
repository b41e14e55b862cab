import { COMMON, type Command, type Option } from './command.ts'
import { findCommand, usageOf } from './parse.ts'
import type { Paint } from './terminal/paint.ts'
import { pad, widthOf, wrap } from './terminal/width.ts'

type Page = { paint: Paint; width: number }
type Row = readonly [string, string]

const GAP = 2

/** What `latchkey help`, `latchkey help approvals` and `latchkey approvals add --help` print. */
export function help(words: readonly string[], commands: readonly Command[], page: Page): string[] {
  const group = commands.filter(({ name }) => name.startsWith(`${words[0]} `))
  if (words.length === 0) return overview(commands, page)
  if (words.length === 1 && group.length > 0) return listOf(group, page)
  return one(findCommand(words, commands).command, page)
}

const EXIT_CODES: readonly Row[] = [
  ['0', 'done'],
  ['1', 'refused, or failed'],
  ['2', 'wrong arguments'],
  ['3', 'not signed in, or sign in again'],
  ['4', 'not found'],
  ['5', 'changed by somebody else, or in another state'],
  ['75', 'no response: try again later'],
]

const overview = (commands: readonly Command[], page: Page): string[] => [
  'The command line of a Latchkey console: who may sign in, who did, and why not.',
  '',
  ...listOf(commands, page),
  '',
  page.paint('bold', 'Every command takes'),
  ...optionsOf(COMMON, page),
  '',
  page.paint('bold', 'Machines'),
  '  set LATCHKEY_CLIENT_ID and LATCHKEY_CLIENT_SECRET, and do not sign in.',
  '',
  page.paint('bold', 'Exit codes'),
  ...columns(EXIT_CODES, page),
]

const listOf = (commands: readonly Command[], page: Page): string[] => [
  page.paint('bold', 'Commands'),
  ...columns(
    commands.map((command) => [nameOf(command), command.summary]),
    page,
  ),
  '',
  'latchkey COMMAND --help says more.',
]

const nameOf = (command: Command): string =>
  usageOf(command)
    .replace(/^latchkey /, '')
    .replace(/ \[options\]$/, '')

function one(command: Command, page: Page): string[] {
  const { paint, width } = page
  const args = command.args.map(({ name, summary }): Row => [name, summary])
  const more = command.more?.split('\n').flatMap((line) => wrap(line, width)) ?? []
  return [
    `${command.summary}.`,
    ...(more.length === 0 ? [] : ['', ...more]),
    '',
    paint('bold', 'Usage'),
    `  ${usageOf(command)}`,
    ...(args.length === 0 ? [] : ['', paint('bold', 'Arguments'), ...columns(args, page)]),
    '',
    paint('bold', 'Options'),
    ...optionsOf({ ...command.options, ...COMMON }, page),
    '',
    paint('bold', 'Example'),
    `  ${command.example}`,
  ]
}

const optionsOf = (all: Readonly<Record<string, Option>>, page: Page): string[] =>
  columns(
    Object.entries(all).map(([name, { value, summary, short, choices }]): Row => {
      const names = `${short === undefined ? '' : `-${short}, `}--${name}`
      return [
        value === undefined ? names : `${names} ${value}`,
        choices === undefined ? summary : `${summary}: ${choices.join(', ')}`,
      ]
    }),
    page,
  )

function columns(rows: readonly Row[], page: Page): string[] {
  const width = Math.max(...rows.map(([name]) => widthOf(name)))
  const indent = ' '.repeat(width + GAP * 2)
  return rows.flatMap(([name, text]) => {
    const [first = '', ...more] = wrap(text, page.width, indent)
    return [' '.repeat(GAP) + pad(name, width + GAP) + first.trimStart(), ...more]
  })
}
