import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ask, confirm } from '../../../../packages/cli/terminal/ask.ts'
import { createShell, type Shell } from '../../../../packages/cli/terminal/shell.ts'
import { testMachine, type TestMachine } from '../../../support/node/cli.ts'

let machine: TestMachine
let shell: Shell
beforeEach(() => {
  machine = testMachine({ isTTY: true })
  shell = createShell(machine)
})
afterEach(() => machine.remove())

describe('works', () => {
  it('asks on stderr, so that stdout holds nothing but what was asked for', async () => {
    const answer = ask(shell, 'Code: ')
    machine.type(' 123456 \n')
    expect(await answer).toBe('123456')
    expect(machine.err()).toContain('Code: ')
    expect(machine.out()).toBe('')
  })

  it.each(['y\n', 'YES\n'])('goes on after %j', async (typed) => {
    const confirmed = confirm(shell, false, 'The approval will be withdrawn.')
    machine.type(typed)
    await confirmed
    expect(machine.err()).toContain('The approval will be withdrawn.')
  })

  it('asks nothing with --yes, also where there is no terminal', async () => {
    await confirm(createShell(testMachine()), true, 'It ends.')
    await confirm(shell, true, 'It ends.')
    expect(machine.err()).toBe('')
  })
})

describe('refuses', () => {
  it.each(['\n', 'n\n', 'yess\n'])('to go on after %j', async (typed) => {
    const confirmed = confirm(shell, false, 'It ends.')
    machine.type(typed)
    await expect(confirmed).rejects.toMatchObject({ exit: 1, message: 'Nothing was done.' })
  })

  it('to erase somebody whose name was not typed', async () => {
    const confirmed = confirm(shell, false, 'It ends.', 'a@b.example')
    machine.type('y\n')
    await expect(confirmed).rejects.toMatchObject({ exit: 1 })
  })

  it('to end something without a terminal and without --yes', async () => {
    const confirmed = confirm(createShell(testMachine()), false, 'It ends.')
    await expect(confirmed).rejects.toMatchObject({ exit: 2, message: /--yes/ })
  })
})

describe('withstands', () => {
  it.each(['\u0003', '\u0004'])('Ctrl-C and Ctrl-D (%j)', async (typed) => {
    const answer = ask(shell, 'Code: ')
    machine.type(typed)
    await expect(answer).rejects.toMatchObject({ exit: 130, message: /Nothing was done/ })
  })

  it('a signal of another process, before and while it asks', async () => {
    const answer = ask(shell, 'Code: ')
    machine.interrupt()
    await expect(answer).rejects.toMatchObject({ exit: 130 })
    await expect(ask(shell, 'Code: ')).rejects.toMatchObject({ exit: 130 })
  })
})
