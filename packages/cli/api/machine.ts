import { EXIT, Failure, usage } from '../exit.ts'
import type { Machine } from '../terminal/shell.ts'
import type { Caller } from './api.ts'
import { bodyOf, connect } from './connect.ts'
import { Refusal } from './problem.ts'

export type Credentials = { id: string; secret: string }

/** From the environment, never from an argument: every user of a machine sees the arguments of its processes. */
export function credentialsOf({ env }: Machine): Credentials | null {
  const { LATCHKEY_CLIENT_ID: id, LATCHKEY_CLIENT_SECRET: secret } = env
  if (!id && !secret) return null
  if (id && secret) return { id, secret }
  throw usage(
    id
      ? 'LATCHKEY_CLIENT_ID is set, and LATCHKEY_CLIENT_SECRET is not.'
      : 'LATCHKEY_CLIENT_SECRET is set, and LATCHKEY_CLIENT_ID is not.',
  )
}

/** Calls the console with a machine's key (RFC 6749 section 4.4). The token stays in memory. */
export function machineCaller(machine: Machine, console: string, credentials: Credentials): Caller {
  let token: Promise<string> | undefined
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    token ??= requestToken(machine, console, credentials)
    const headers = new Headers(init.headers)
    headers.set('Authorization', `Bearer ${await token}`)
    return connect(machine, url, { ...init, headers })
  }
  return {
    async send(url, init) {
      const response = await send(url, init)
      if (response.status !== 401) return response
      // A token is valid for five minutes, and a long import takes longer.
      token = undefined
      return send(url, init)
    },
  }
}

async function requestToken(
  machine: Machine,
  console: string,
  { id, secret }: Credentials,
): Promise<string> {
  const url = `${console}/v1/token`
  // RFC 6749 section 2.3.1: both are form-encoded before they are joined.
  const joined = [id, secret].map((text) => new URLSearchParams({ '': text }).toString().slice(1))
  const response = await connect(machine, url, {
    method: 'POST',
    redirect: 'error',
    headers: { Authorization: `Basic ${Buffer.from(joined.join(':')).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  const text = await bodyOf(machine, response, url)
  if (!response.ok) {
    const refusal = new Refusal(response, text)
    if (refusal.code !== 'invalid_client') throw refusal
    throw new Failure(
      EXIT.signIn,
      'The console does not know LATCHKEY_CLIENT_ID with this LATCHKEY_CLIENT_SECRET.',
    )
  }
  return tokenOf(text)
}

/** The message of JSON.parse would quote the response, which may hold control characters. */
function tokenOf(text: string): string {
  try {
    const { access_token: token } = JSON.parse(text) as { access_token?: unknown }
    if (typeof token === 'string') return token
  } catch {
    // The failure below says it.
  }
  throw new Failure(EXIT.unavailable, 'The response does not come from a console of Latchkey.')
}
