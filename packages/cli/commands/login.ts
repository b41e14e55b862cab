import { createApi } from '../api/api.ts'
import { credentialsOf } from '../api/machine.ts'
import { Refusal } from '../api/problem.ts'
import type { Me } from '../api/types.ts'
import { ADDRESS, type Command } from '../command.ts'
import { EXIT, Failure, usage } from '../exit.ts'
import { discoverIssuer } from '../session/discovery.ts'
import { clientOf } from '../session/person.ts'
import { consoleFile } from '../session/place.ts'
import { writePrivate } from '../session/private-file.ts'
import { signInByCode } from '../session/sign-in.ts'
import { ask } from '../terminal/ask.ts'
import { timeText } from '../terminal/time.ts'
import { show } from './show.ts'

export const login: Command = {
  name: 'login',
  summary: 'Sign in to a console, by a code sent by email',
  more: 'The session is kept in a file that only you can read, one for each console.',
  args: [{ ...ADDRESS, optional: true }],
  options: {},
  example: 'latchkey login --console https://console.example.com',
  async run(work, { args }) {
    const { shell } = work
    if (credentialsOf(shell) !== null) {
      throw usage(
        'LATCHKEY_CLIENT_ID is set: a machine does not sign in. Unset it to sign in yourself.',
      )
    }
    if (!shell.interactive) {
      throw usage(
        'Signing in needs a terminal. Programs use LATCHKEY_CLIENT_ID and LATCHKEY_CLIENT_SECRET.',
      )
    }
    const { console, folder } = await work.place()
    const issuer = await discoverIssuer(shell, console)
    const email = args[0] ?? (await ask(shell, 'Email address: '))
    if (email === '') throw usage('ADDRESS is missing.')
    shell.tell(`Signing in to ${console}, at ${issuer}.`)
    await writePrivate(consoleFile(folder), JSON.stringify({ console, issuer }))
    const client = clientOf(shell, folder, issuer)
    await signInByCode(shell, client, email)
    const api = createApi(shell, console, { send: (url, init) => client.fetch(url, init) })
    try {
      const me = await api.get<Me>('/v1/me')
      show(work, me, (body) =>
        body.kind === 'person'
          ? [`Signed in as ${body.email} (${body.role}) until ${timeText(body.signInAgainAt)}.`]
          : [],
      )
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'forbidden') throw error
      await client.signOut()
      throw new Failure(
        EXIT.refused,
        `${email} is neither administrator nor approver of ${console}.`,
      )
    }
  },
}
