import type { Command } from '../command.ts'
import { EXIT, Failure } from '../exit.ts'
import { clientOf } from '../session/person.ts'
import { readConsole } from '../session/place.ts'
import { removeLeftovers } from '../session/private-file.ts'

export const logout: Command = {
  name: 'logout',
  summary: 'End your session, here and at the server',
  args: [],
  options: {},
  example: 'latchkey logout',
  async run(work) {
    const { console, folder } = await work.place()
    const record = await readConsole(folder)
    const client = record && clientOf(work.shell, folder, record.issuer)
    const session = client && (await client.session())
    await removeLeftovers(folder)
    if (client === null || session === null) {
      work.shell.tell(`You were not signed in to ${console}.`)
      return
    }
    const confirmed = await client.signOut()
    if (!confirmed) {
      throw new Failure(
        EXIT.unavailable,
        'You are signed out here. The server did not confirm it: there the session ends when it expires.',
      )
    }
    work.shell.tell(`Signed out of ${console}.`)
  },
}
