import { EXIT, Failure } from '../exit.ts'
import type { Caller } from '../api/api.ts'
import { credentialsOf, machineCaller } from '../api/machine.ts'
import type { Shell } from '../terminal/shell.ts'
import { clientOf } from './person.ts'
import { readConsole, type Place } from './place.ts'
import { signInByCode } from './sign-in.ts'

/** Who calls the console: the machine of the environment, or the person who has signed in here. */
export async function findCaller(shell: Shell, { console, folder }: Place): Promise<Caller> {
  const credentials = credentialsOf(shell)
  if (credentials !== null) return machineCaller(shell, console, credentials)
  const record = await readConsole(folder)
  const client = record && clientOf(shell, folder, record.issuer)
  const session = client && (await client.session())
  if (client === null || session === null) {
    throw new Failure(EXIT.signIn, `You are not signed in to ${console}. Run: latchkey login`)
  }
  const send: Caller['send'] = (url, init) => client.fetch(url, init)
  if (!shell.interactive) return { send }
  return {
    send,
    async signInAgain(maxAgeSeconds) {
      const since =
        maxAgeSeconds < 3600 ? `${maxAgeSeconds / 60} minutes` : `${maxAgeSeconds / 3600} hours`
      shell.tell(`This needs a sign-in of the last ${since}.`)
      await signInByCode(shell, client, session.user.email)
    },
  }
}
