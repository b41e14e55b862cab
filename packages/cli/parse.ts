import { parseArgs } from 'node:util'
import { COMMON, type Argument, type Command, type Input, type Option } from './command.ts'
import { usage } from './exit.ts'
import { didYouMean } from './suggest.ts'

export type Parsed =
  | { kind: 'help'; words: string[] }
  | { kind: 'version' }
  | { kind: 'run'; command: Command; input: Input }

/** @throws Failure, with the argument that is wrong. */
export function parse(argv: readonly string[], commands: readonly Command[]): Parsed {
  const options = allOptions(commands)
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { value, short }]) => [
        name,
        { type: value === undefined ? 'boolean' : 'string', ...(short ? { short } : {}) } as const,
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []))
  const given = tokens.filter((token) => token.kind === 'option')
  if (given.some(({ name }) => name === 'version')) return { kind: 'version' }
  if (given.some(({ name }) => name === 'help')) return { kind: 'help', words }
  if (words[0] === 'help') return { kind: 'help', words: words.slice(1) }
  const { command, args } = findCommand(words, commands)
  const values = new Map<string, string>()
  const own = { ...COMMON, ...command.options }
  for (const { name, rawName, value, inlineValue } of given) {
    values.set(name, valueOf(command, own, { name, rawName, value, inlineValue }))
    if (given.filter((one) => one.name === name).length > 1)
      throw usage(`${rawName} is there twice.`)
  }
  checkArguments(command, args)
  return {
    kind: 'run',
    command,
    input: { args, text: (option) => values.get(option), given: (option) => values.has(option) },
  }
}

/** An option has one kind in all commands, so that they can be told from arguments before the command is known. */
const allOptions = (commands: readonly Command[]): Record<string, Option> =>
  Object.assign(
    { version: { summary: 'Print the version' } },
    COMMON,
    ...commands.map((command) => command.options),
  ) as Record<string, Option>

export function findCommand(
  words: readonly string[],
  commands: readonly Command[],
): { command: Command; args: string[] } {
  const [first, second] = words
  const names = [...new Set(commands.map(({ name }) => name.split(' ')[0]!))]
  if (first === undefined) throw usage('Which command?\nRun: latchkey help')
  const alone = commands.find(({ name }) => name === first)
  if (alone !== undefined) return { command: alone, args: words.slice(1) }
  if (!names.includes(first)) {
    throw usage(
      `There is no command ${JSON.stringify(first)}.${didYouMean(first, names)}\nRun: latchkey help`,
    )
  }
  const group = commands.filter(({ name }) => name.startsWith(`${first} `))
  const seconds = group.map(({ name }) => name.slice(first.length + 1))
  const command = group.find(({ name }) => name === `${first} ${second}`)
  if (command !== undefined) return { command, args: words.slice(2) }
  const all = `latchkey ${first} ${seconds.join('|')}`
  if (second === undefined) throw usage(`What to do with ${first}? ${all}`)
  throw usage(
    `There is no command ${JSON.stringify(`${first} ${second}`)}.${didYouMean(second, seconds)}\nThere is: ${all}`,
  )
}

type Given = {
  name: string
  rawName: string
  value: string | undefined
  inlineValue: boolean | undefined
}

function valueOf(
  command: Command,
  own: Readonly<Record<string, Option>>,
  { name, rawName, value, inlineValue }: Given,
): string {
  const option = Object.hasOwn(own, name) ? own[name] : undefined
  if (option === undefined) {
    const names = Object.keys(own).map((one) => `--${one}`)
    throw usage(
      `latchkey ${command.name} has no option ${rawName}.${didYouMean(rawName, names)}\nRun: latchkey ${command.name} --help`,
    )
  }
  if (option.value === undefined) {
    if (inlineValue) throw usage(`${rawName} takes no value.`)
    return ''
  }
  if (value === undefined) throw usage(`${rawName} needs a value: ${rawName} ${option.value}`)
  if (!inlineValue && value.startsWith('-') && value !== '-') {
    throw usage(
      `${rawName} needs a value. If ${JSON.stringify(value)} is the value, write ${rawName}=${value}`,
    )
  }
  if (option.choices !== undefined && !option.choices.includes(value)) {
    throw usage(
      `${rawName} must be one of ${option.choices.join(', ')}, not ${JSON.stringify(value)}.${didYouMean(value, option.choices)}`,
    )
  }
  return value
}

function checkArguments(command: Command, args: readonly string[]): void {
  const missing = command.args.find(
    ({ optional, rest }, n) => !optional && !rest && args[n] === undefined,
  )
  const how = `Usage: ${usageOf(command)}`
  if (missing !== undefined) throw usage(`${missing.name} is missing.\n${how}`)
  const extra = args[command.args.length]
  if (extra !== undefined && !command.args.some(({ rest }) => rest)) {
    throw usage(`${JSON.stringify(extra)} is one argument too many.\n${how}`)
  }
  for (const [n, { name, choices }] of command.args.entries()) {
    const given = args[n]
    if (given === undefined || choices === undefined || choices.includes(given)) continue
    throw usage(
      `${name} must be one of ${choices.join(', ')}, not ${JSON.stringify(given)}.${didYouMean(given, choices)}`,
    )
  }
  if (args.includes('')) throw usage(`An argument is empty.\n${how}`)
}

/** `latchkey approvals add ADDRESS --reason TEXT` */
export const usageOf = ({ name, args }: Command): string =>
  ['latchkey', name, ...args.map(argumentText), '[options]'].join(' ')

const argumentText = ({ name, optional, rest }: Argument): string =>
  rest ? `[${name} …]` : optional ? `[${name}]` : name
