import { LatchkeyError, type LatchkeyClient } from '../../client/index.ts'
import { EXIT, Failure } from '../exit.ts'
import { ask } from '../terminal/ask.ts'
import type { Shell } from '../terminal/shell.ts'

/** The server shuts the code of a message after five wrong ones. */
const TRIES = 5

/** Sends an email with a code, and signs in by the code that the person types. */
export async function signInByCode(
  shell: Shell,
  client: LatchkeyClient,
  email: string,
): Promise<void> {
  await client.ask({ email })
  shell.tell(
    `If ${email} may sign in, an email with a code is on its way.`,
    'Type the code, or r to have it sent again. Ctrl-C ends.',
  )
  for (let wrong = 0; wrong < TRIES;) {
    const typed = await ask(shell, 'Code: ')
    if (typed === '') continue
    if (/^r(esend)?$/i.test(typed)) {
      await resend(shell, client)
      continue
    }
    if (!/^\d{6}$/.test(typed.replace(/[\s-]/g, ''))) {
      shell.tell('The code has six digits.')
      continue
    }
    try {
      await client.redeemCode(typed)
      return
    } catch (error) {
      if (!(error instanceof LatchkeyError) || error.code !== 'invalid_grant') throw error
      if (error.reason !== undefined) throw ended(error.reason)
      wrong += 1
      shell.tell('That is not the code of the last email.')
    }
  }
  throw new Failure(EXIT.signIn, 'You are not signed in. Ask for another code: latchkey login')
}

async function resend(shell: Shell, client: LatchkeyClient): Promise<void> {
  try {
    await client.resend()
    shell.tell('It is on its way again.')
  } catch (error) {
    if (!(error instanceof LatchkeyError) || error.code !== 'rate_limited') throw error
    shell.tell(`It can be sent again in ${error.retryAfterSeconds ?? 60} seconds.`)
  }
}

const ended = (reason: string): Failure =>
  new Failure(
    EXIT.signIn,
    reason === 'not_approved'
      ? 'This address may not sign in.'
      : `The code is ${reason}. Ask for another one: latchkey login`,
  )
