import { createHash, randomBytes } from 'node:crypto'
import { expectStatus } from './stats.ts'
import { COMPANY_DOMAIN } from './vars.ts'

/** A person with a new address and a new device. */
export type Person = { email: string; codeVerifier: string; deviceId: string }

export type Tokens = { access_token: string; refresh_token: string }

export const newPeople = (count: number): Person[] =>
  Array.from({ length: count }, () => ({
    email: `${randomBytes(9).toString('hex')}@${COMPANY_DOMAIN}`,
    codeVerifier: randomBytes(32).toString('base64url'),
    deviceId: `dev_${randomBytes(9).toString('hex')}`,
  }))

// The code below only uses Latchkey's HTTP API, so that it also works with an older build.

const CLIENT = { 'CF-Connecting-IP': '192.0.2.1', 'User-Agent': 'bench' }

/** Requests a link, which Latchkey sends by email. */
export async function ask(origin: string, person: Person): Promise<void> {
  const codeChallenge = createHash('sha256').update(person.codeVerifier).digest('base64url')
  const response = await fetch(`${origin}/v1/links`, {
    method: 'POST',
    headers: { ...CLIENT, 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: person.email, codeChallenge }),
  })
  await (await expectStatus(response, 202)).arrayBuffer()
}

export function signIn(origin: string, person: Person, linkToken: string): Promise<Tokens> {
  return token(origin, {
    grant_type: 'urn:latchkey:grant-type:link',
    link_token: linkToken,
    code_verifier: person.codeVerifier,
    device_id: person.deviceId,
  })
}

export const refresh = (origin: string, tokens: Tokens): Promise<Tokens> =>
  token(origin, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token })

export async function checkSession(origin: string, tokens: Tokens): Promise<void> {
  const headers = { ...CLIENT, Authorization: `Bearer ${tokens.access_token}` }
  const response = await fetch(`${origin}/v1/session`, { headers })
  await (await expectStatus(response, 200)).arrayBuffer()
}

async function token(origin: string, form: Record<string, string>): Promise<Tokens> {
  const body = new URLSearchParams(form)
  const response = await fetch(`${origin}/v1/token`, { method: 'POST', headers: CLIENT, body })
  return (await (await expectStatus(response, 200)).json()) as Tokens
}
