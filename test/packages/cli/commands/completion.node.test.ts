import { spawnSync } from 'node:child_process'
import { beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../../packages/cli/commands.ts'
import { runCli } from '../../../support/node/cli.ts'

let bash: string
beforeAll(async () => {
  bash = (await runCli(['completion', 'bash'])).out
})

/** What bash offers for the last of these words. */
function offered(...words: string[]): string[] {
  const typed = ['latchkey', ...words].map((word) => `'${word}'`).join(' ')
  const script = `${bash}\nCOMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _latchkey; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-euc', script], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.split('\n').filter(Boolean)
}

describe('works', () => {
  it('offers first and second words, options, and values', () => {
    const firsts = [...new Set(COMMANDS.map(({ name }) => name.split(' ')[0]))]
    expect(offered('')).toEqual(firsts)
    expect(offered('app')).toEqual(['approvals'])
    expect(offered('people', '')).toEqual(['show', 'end', 'allow-mail', 'erase'])
    expect(offered('approvals', 'wi')).toEqual(['withdraw'])
    expect(offered('approvals', 'add', 'a@b.example', '--re')).toEqual(['--reason'])
    expect(offered('approvals', 'list', '--state', 'e')).toEqual(['ending', 'ended'])
    expect(offered('why', '--')).toEqual(['--console', '--json', '--help'])
    expect(offered('completion', 'z')).toEqual(['zsh'])
  })

  it('leaves a word that it knows nothing of to the shell: a file, an address', () => {
    expect(offered('approvals', 'import', 'guests')).toEqual([])
    expect(offered('nonsense', 'x')).toEqual([])
  })

  it.each(['zsh', 'fish'])('has every command and option for %s', async (name) => {
    const { out, exit } = await runCli(['completion', name])
    expect(exit).toBe(0)
    for (const { name, options } of COMMANDS) {
      const words = [...name.split(' '), ...Object.keys(options)]
      expect(words.filter((word) => !out.includes(word))).toEqual([])
    }
  })
})
