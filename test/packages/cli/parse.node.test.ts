import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../packages/cli/commands.ts'
import { parse } from '../../../packages/cli/parse.ts'
import { runCli } from '../../support/node/cli.ts'

const names = COMMANDS.map(({ name }) => name)

describe('works', () => {
  it.each(names)('%s says what it does, with an example that it takes', async (name) => {
    const { exit, out } = await runCli([...name.split(' '), '--help'])
    const command = COMMANDS.find((one) => one.name === name)!
    expect(exit).toBe(0)
    expect(out).toContain(command.summary)
    for (const option of Object.keys(command.options)) expect(out).toContain(`--${option}`)
    const example = /latchkey[^)]*/.exec(command.example)![0]
    const words = [...example.matchAll(/"([^"]*)"|(\S+)/g)].map(
      ([, quoted, word]) => quoted ?? word!,
    )
    expect(parse(words.slice(1), COMMANDS)).toMatchObject({ kind: 'run', command: { name } })
  })

  it('lists every command, and those of a group', async () => {
    const all = await runCli(['help'])
    expect(names.filter((name) => !all.out.includes(`  ${name}`))).toEqual([])
    const { out } = await runCli(['help', 'people'])
    expect(out.match(/^  people [\w-]+/gm)).toEqual([
      '  people show',
      '  people end',
      '  people allow-mail',
      '  people erase',
    ])
  })

  it('takes options before the command, and everything after -- as an argument', () => {
    const parsed = parse(['--json', 'approvals', 'list', '--', '-x'], COMMANDS)
    if (parsed.kind !== 'run') throw new Error(parsed.kind)
    expect(parsed.input.args).toEqual(['-x'])
    expect(parsed.input.given('json')).toBe(true)
  })

  it('has the version of its package', async () => {
    const { version } = JSON.parse(readFileSync('packages/cli/package.json', 'utf8')) as {
      version: string
    }
    expect((await runCli(['--version'])).out).toBe(`${version}\n`)
  })
})

describe('refuses, and names the argument', () => {
  it.each<[string, string]>([
    ['', 'Which command?'],
    ['aproval list', 'There is no command "aproval". Did you mean approvals?'],
    ['approvals', 'What to do with approvals? latchkey approvals list|show|add'],
    ['approvals lsit', 'There is no command "approvals lsit". Did you mean list?'],
    ['people', 'latchkey people show|end|allow-mail|erase'],
    ['approvals show', 'ADDRESS is missing.'],
    ['approvals show a@b.example c@d.example', '"c@d.example" is one argument too many.'],
    ['approvals list --stat active', 'has no option --stat. Did you mean --state?'],
    ['approvals show a@b.example --reason x', 'approvals show has no option --reason'],
    ['approvals list --state activ', 'not "activ". Did you mean active?'],
    ['approvals list --limit', '--limit needs a value: --limit N'],
    ['approvals list --limit 0 --console http://localhost', '--limit must be a whole number'],
    ['approvals list --limit --all', 'write --limit=--all'],
    ['approvals list --all=yes', '--all takes no value.'],
    ['approvals list --limit 1 --limit 2', '--limit is there twice.'],
    ['approvals add a@b.example --reason x', '--until or --days is missing'],
    ['approvals add a@b.example --days 3', '--reason is missing'],
    ['approvals add a@b.example --days 3 --until never', 'not both'],
    ['approvals change a@b.example', 'What to change?'],
    ['approvals extend a@b.example', '--until or --days is missing'],
    ['requests approve a@b.example --days 3', '--reason is missing'],
    ['requests decline a@b.example', '--reason is missing'],
    ['people end a@b.example', '--reason is missing'],
    ['people erase a@b.example', '--reason is missing'],
    ['completion bsh', 'Did you mean bash?'],
    ['login', 'Signing in needs a terminal.'],
    ['whoami', 'Which console? Give --console'],
    ['whoami --console example.com', '--console must be an address'],
    ['whoami --console https://example.com/x', '--console must be an address'],
    ['whoami --console http://example.com', '--console must begin with https'],
    ['whoami --console https://a:b@example.com', '--console must be an address'],
  ])('%s', async (words, message) => {
    const { exit, out, err } = await runCli(words.split(' ').filter(Boolean))
    expect(err).toContain(message)
    expect(exit).toBe(2)
    expect(out).toBe('')
  })

  it('half of the credentials of a machine, and signing in with them', async () => {
    const console = ['--console', 'https://console.example']
    const id = { LATCHKEY_CLIENT_ID: 'crm' }
    const secret = { LATCHKEY_CLIENT_SECRET: 'x' }
    expect((await runCli(['whoami', ...console], id)).err).toContain(
      'LATCHKEY_CLIENT_SECRET is not',
    )
    expect((await runCli(['whoami', ...console], secret)).err).toContain(
      'LATCHKEY_CLIENT_ID is not',
    )
    const both = await runCli(['login', ...console], { ...id, ...secret })
    expect(both).toMatchObject({ exit: 2, err: expect.stringContaining('does not sign in') })
  })

  it.each([
    ['people', 'end', 'a@b.example', '..'],
    ['people', 'erase', '..'],
    ['people', 'show', '.'],
    ['approvals', 'withdraw', '..'],
    ['requests', 'decline', '..'],
  ])('T83: dots, which would make another path: %s %s %s %s', async (...words) => {
    const options = ['--reason', 'x', '--yes', '--console', 'https://console.example']
    const taken = options.slice(0, words[1] === 'show' ? 0 : words[1] === 'decline' ? 2 : 3)
    const env = { LATCHKEY_CLIENT_ID: 'crm', LATCHKEY_CLIENT_SECRET: 'x' }
    const argv = [...words.filter(Boolean), ...taken, ...options.slice(3)]
    const { exit, err } = await runCli(argv, env)
    expect(err).toMatch(/"\.+" is neither an address nor an id/)
    expect(exit).toBe(2)
  })
})

describe('withstands', () => {
  it('characters that a terminal acts upon in what somebody typed', async () => {
    const { err } = await runCli(['\u001b[2Jx'])
    expect(err).not.toContain('\u001b')
  })

  it('a console that does not respond', async () => {
    const env = { LATCHKEY_CLIENT_ID: 'crm', LATCHKEY_CLIENT_SECRET: 'x' }
    const argv = ['approvals', 'add', 'a@b.example', '--days', '3', '--reason', 'x']
    const { exit, err } = await runCli([...argv, '--console', 'https://console.example'], env)
    expect(err).toBe('https://console.example does not respond (there is no network).\n')
    expect(exit).toBe(75)
  })
})
