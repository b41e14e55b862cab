import { createHash, randomBytes } from 'node:crypto'

/** A machine with a key of the console, which decides about the playground's guests. */
export type Machine = { id: string; secret: string }

export const newMachine = (): Machine => ({
  id: 'playground',
  secret: randomBytes(32).toString('base64url'),
})

/**
 * @param given CONSOLE_CLIENTS of the developer.
 * @returns CONSOLE_CLIENTS with the machine; the given text if it is not JSON, so that the console reports it.
 */
export function withMachine(given: string | undefined, { id, secret }: Machine): string {
  const secretSha256 = createHash('sha256').update(secret).digest('base64url')
  const scopes = ['approvals:read', 'approvals:write']
  try {
    return JSON.stringify({ ...JSON.parse(given || '{}'), [id]: { secretSha256, scopes } })
  } catch {
    return given!
  }
}

/** On a busy machine, DynamoDB may be too slow for the console's deadline. */
const TRIES = 5

export const DECISIONS = ['approve', 'withdraw', 'restore'] as const
export type Decision = (typeof DECISIONS)[number]

/** Decides at the console, as a back office does. @throws Error with the console's answer. */
export async function decide(
  console: string,
  { id, secret }: Machine,
  decision: Decision,
  email: string,
): Promise<void> {
  const token = await send(`${console}/v1/token`, {
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
    body: 'grant_type=client_credentials',
  })
  const authorization = `Bearer ${token['access_token'] as string}`
  const json = { authorization, 'content-type': 'application/json' }
  if (decision === 'approve') {
    const body = JSON.stringify({ email, reason: 'A guest of the playground', expiresAt: null })
    await send(`${console}/v1/approvals`, { ...json, body })
    return
  }
  const url = `${console}/v1/approvals/${encodeURIComponent(email)}/${decision}`
  const body = JSON.stringify(decision === 'withdraw' ? { reason: 'The playground' } : {})
  await send(url, { ...json, 'if-match': '*', body })
}

async function send(
  url: string,
  { body, ...headers }: { body: string } & Record<string, string>,
): Promise<Record<string, unknown>> {
  let [response, text] = await post(url, { headers, body })
  for (let tries = 1; response.status === 503 && tries < TRIES; tries++) {
    ;[response, text] = await post(url, { headers, body })
  }
  if (!response.ok) {
    const hint = response.status === 401 ? ' Both Workers must be those of this npm run dev.' : ''
    throw new Error(`The console answered ${response.status}: ${text}.${hint}`)
  }
  return JSON.parse(text) as Record<string, unknown>
}

async function post(url: string, init: RequestInit): Promise<[Response, string]> {
  const response = await fetch(url, { ...init, method: 'POST' })
  return [response, await response.text()]
}
