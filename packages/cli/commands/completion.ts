import { COMMON, type Command, type Option } from '../command.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const

/** The command that prints what a shell needs to complete these commands. */
export function completionOf(commands: readonly Command[]): Command {
  const completion: Command = {
    name: 'completion',
    summary: 'Print what your shell needs to complete commands: bash, zsh or fish',
    more: 'bash: source <(latchkey completion bash), in ~/.bashrc\nzsh:  source <(latchkey completion zsh), in ~/.zshrc after compinit\nfish: latchkey completion fish > ~/.config/fish/completions/latchkey.fish',
    args: [{ name: 'SHELL', summary: SHELLS.join(', '), choices: SHELLS }],
    options: {},
    example: 'source <(latchkey completion bash)',
    async run({ shell }, { args }) {
      const all = [...commands, completion]
      shell.print(...SCRIPTS[args[0] as (typeof SHELLS)[number]](all))
    },
  }
  return completion
}

const optionsOf = (command: Command): [string, Option][] =>
  Object.entries({ ...command.options, ...COMMON })

/** What may follow: `''` → the first words, `approvals` → its second words, `approvals add` → options. */
function followers(commands: readonly Command[]): Map<string, string[]> {
  const all = new Map<string, string[]>()
  const put = (before: string, word: string): void => {
    const words = all.get(before) ?? []
    if (!words.includes(word)) all.set(before, [...words, word])
  }
  for (const command of commands) {
    const [first = '', second] = command.name.split(' ')
    put('', first)
    if (second !== undefined) put(first, second)
    for (const word of command.args.flatMap(({ choices }) => choices ?? [])) put(command.name, word)
    for (const [option] of optionsOf(command)) put(command.name, `--${option}`)
  }
  return all
}

/** The values of the options that have a choice of few. */
function choices(commands: readonly Command[]): Map<string, readonly string[]> {
  const all = commands.flatMap(optionsOf)
  return new Map(all.flatMap(([name, { choices }]) => (choices ? [[`--${name}`, choices]] : [])))
}

/** A case of bash and zsh for each entry. `quoted` must not be data of others: all of it is from the commands above. */
const cases = (entries: Iterable<readonly [string, readonly string[]]>): string[] =>
  [...entries].map(([before, words]) => `    '${before}') offered='${words.join(' ')}' ;;`)

/** Options with a value that is a file, or that nothing can be said about, leave the word to the shell. */
function posix(commands: readonly Command[], reply: readonly string[]): string[] {
  return [
    '_latchkey_words() {',
    '  local offered= name=',
    '  case "$1" in',
    ...cases(choices(commands)),
    '  esac',
    '  if [ -n "$offered" ]; then echo "$offered"; return; fi',
    '  case "$2 $3" in',
    ...commands
      .filter(({ name }) => name.includes(' '))
      .map(({ name }) => `    '${name}') name='${name}' ;;`),
    '    *) name="$2" ;;',
    '  esac',
    '  case "$name" in',
    ...cases(followers(commands)),
    '  esac',
    '  echo "$offered"',
    '}',
    ...reply,
  ]
}

const bash = (commands: readonly Command[]): string[] =>
  posix(commands, [
    '_latchkey() {',
    '  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" first= second=',
    '  [ "$COMP_CWORD" -gt 1 ] && first="${COMP_WORDS[1]}"',
    '  [ "$COMP_CWORD" -gt 2 ] && second="${COMP_WORDS[2]}"',
    '  COMPREPLY=($(compgen -W "$(_latchkey_words "$before" "$first" "$second")" -- "$word"))',
    '}',
    'complete -o default -F _latchkey latchkey',
  ])

const zsh = (commands: readonly Command[]): string[] =>
  posix(commands, [
    '_latchkey() {',
    '  local first= second= found=',
    '  [ "$CURRENT" -gt 2 ] && first="${words[2]}"',
    '  [ "$CURRENT" -gt 3 ] && second="${words[3]}"',
    '  found="$(_latchkey_words "${words[CURRENT-1]}" "$first" "$second")"',
    '  compadd -- ${=found} || _files',
    '}',
    'compdef _latchkey latchkey',
  ])

function fish(commands: readonly Command[]): string[] {
  const firsts = followers(commands).get('') ?? []
  const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`
  const within = ([first = '', second]: string[]) =>
    second === undefined
      ? `__fish_seen_subcommand_from ${first}`
      : `__fish_seen_subcommand_from ${first}; and __fish_seen_subcommand_from ${second}`
  const line = (when: string, rest: string) => `complete -c latchkey -n ${quoted(when)} ${rest}`
  return [
    'complete -c latchkey -f',
    ...firsts.map((first) => line('__fish_use_subcommand', `-a ${first}`)),
    ...commands.flatMap((command) => {
      const names = command.name.split(' ')
      const [first = '', second] = names
      const siblings = followers(commands).get(first) ?? []
      const values = command.args.flatMap(({ choices }) => choices ?? [])
      const isGroup = second !== undefined
      return [
        ...(isGroup
          ? [
              line(
                `__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${siblings.join(' ')}`,
                `-a ${second} -d ${quoted(command.summary)}`,
              ),
            ]
          : []),
        ...(values.length > 0 ? [line(within(names), `-a ${quoted(values.join(' '))}`)] : []),
        ...optionsOf(command).map(([name, { summary, value, choices }]) =>
          line(
            within(names),
            `-l ${name}${value === undefined ? '' : choices ? ` -x -a ${quoted(choices.join(' '))}` : ' -r'} -d ${quoted(summary)}`,
          ),
        ),
      ]
    }),
  ]
}

const SCRIPTS = { bash, zsh, fish }
