import { expectStatus } from './stats.ts'

export type FloorTokens = { access: string; refresh: string }

/** Signs a new person in at the reference floor. */
export async function floorSignIn(origin: string): Promise<FloorTokens> {
  const body = JSON.stringify({ id: crypto.randomUUID() })
  const response = await fetch(`${origin}/sign-in`, { method: 'POST', body })
  return (await (await expectStatus(response, 200)).json()) as FloorTokens
}

/** Makes the reference floor's check of a session. */
export async function floorCheck(origin: string, tokens: FloorTokens): Promise<void> {
  const headers = { Authorization: `Bearer ${tokens.refresh}` }
  const response = await fetch(`${origin}/session`, { headers })
  await (await expectStatus(response, 200)).arrayBuffer()
}
