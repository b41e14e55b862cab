import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { consoleFile, findPlace } from '../../../../packages/cli/session/place.ts'
import { writePrivate } from '../../../../packages/cli/session/private-file.ts'
import { testMachine, type TestMachine } from '../../../support/node/cli.ts'

let machine: TestMachine
beforeEach(() => {
  machine = testMachine()
})
afterEach(() => machine.remove())

/** As a sign-in leaves it. */
async function signedInTo(console: string): Promise<void> {
  const { folder } = await findPlace(machine, console)
  const record = { console, issuer: 'https://auth.example' }
  await writePrivate(consoleFile(folder), JSON.stringify(record))
}

describe('works', () => {
  it('has a folder for each origin, in XDG_CONFIG_HOME or ~/.config', async () => {
    const place = await findPlace(machine, 'https://console.example/')
    expect(place).toEqual({
      console: 'https://console.example',
      folder: join(machine.home, '.config/latchkey/https_console.example'),
    })
    const consoles = ['https://a.example:8443', 'https://a.example', 'http://localhost:8789']
    const folders = await Promise.all(consoles.map((console) => findPlace(machine, console)))
    expect(new Set(folders.map(({ folder }) => folder)).size).toBe(3)
    machine.env['XDG_CONFIG_HOME'] = '/xdg'
    const { folder } = await findPlace(machine, 'https://console.example')
    expect(folder).toBe('/xdg/latchkey/https_console.example')
    machine.env['XDG_CONFIG_HOME'] = 'relative'
    expect((await findPlace(machine, 'https://console.example')).folder).toBe(place.folder)
  })

  it('takes --console before LATCHKEY_CONSOLE, and the only known console without both', async () => {
    await signedInTo('https://known.example')
    expect((await findPlace(machine, undefined)).console).toBe('https://known.example')
    machine.env['LATCHKEY_CONSOLE'] = 'https://env.example'
    expect((await findPlace(machine, undefined)).console).toBe('https://env.example')
    const given = await findPlace(machine, 'https://given.example')
    expect(given.console).toBe('https://given.example')
  })
})

describe('refuses', () => {
  it('to guess between two consoles, and names them', async () => {
    await signedInTo('https://one.example')
    await signedInTo('https://two.example')
    await expect(findPlace(machine, undefined)).rejects.toMatchObject({
      exit: 2,
      message: expect.stringMatching(/one\.example.*two\.example/),
    })
  })

  it('what is no origin, by the name of where it came from', async () => {
    machine.env['LATCHKEY_CONSOLE'] = 'console.example'
    await expect(findPlace(machine, undefined)).rejects.toMatchObject({
      exit: 2,
      message: expect.stringContaining('LATCHKEY_CONSOLE must be an address'),
    })
  })
})
