import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import type { DevWorld } from './world.ts'

/** Someone who asked for a link, and what only the asking device has. */
export type Asked = {
  email: string
  handle: string
  link: string
  code: string
  codeVerifier: string
  deviceId: string
}

/** An address of the company's domain, which is approved, that no other test uses. */
export const newEmail = (): string => `t-${randomUUID().slice(0, 12)}@sigmacomputing.com`

/** Asks as an app does, and takes the message out of the inbox. */
export async function ask(
  world: DevWorld,
  email = newEmail(),
  more: Record<string, string> = {},
): Promise<Asked> {
  const codeVerifier = randomBytes(32).toString('base64url')
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url')
  const to = more['phoneNumber'] ?? email
  const before = (await messages(world, to)).length
  const answer = await post(world, '/v1/links', { email, codeChallenge, ...more })
  if (answer.status !== 202) throw new Error(`asked: ${answer.status} ${await answer.text()}`)
  const { handle } = (await answer.json()) as { handle: string }
  const { link, code } = await messageTo(world, to, before + 1)
  return { email, handle, link, code, codeVerifier, deviceId: `dev_${randomUUID()}` }
}

type Message = { link: string; code: string }

/** Those with a link: an email about a new device has none. */
async function messages(world: DevWorld, to: string): Promise<Message[]> {
  const answer = await fetch(`${world.inbox}/messages?to=${encodeURIComponent(to)}`)
  const all = (await answer.json()) as (Message | { link: null })[]
  return all.filter((one) => one.link !== null)
}

/** Waits for the person's n-th message. */
export async function messageTo(world: DevWorld, to: string, n = 1): Promise<Message> {
  for (let tries = 0; tries < 400; tries++) {
    const [newest, ...older] = await messages(world, to)
    if (newest && older.length + 1 >= n) return newest
    await sleep(25)
  }
  throw new Error(`no message came to ${to}`)
}

/** `POST /v1/token`. */
export const redeem = (
  world: DevWorld,
  asked: Asked,
  by: 'link' | 'code',
  deviceId = asked.deviceId,
): Promise<Response> =>
  post(world, '/v1/token', {
    grant_type: `urn:latchkey:grant-type:${by}`,
    code_verifier: asked.codeVerifier,
    device_id: deviceId,
    handle: asked.handle,
    ...(by === 'link' ? { link_token: asked.link } : { code: asked.code }),
  })

const post = (world: DevWorld, path: string, body: object): Promise<Response> =>
  fetch(world.issuer + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })

/** Lets this browser be the one that asked, as a page of this origin does. */
export async function rememberAsking(
  world: DevWorld,
  page: Page,
  asked: Asked,
  returnTo?: string,
): Promise<void> {
  const { codeVerifier, deviceId, handle } = asked
  await page.goto(`${world.issuer}/link`)
  await page.evaluate(
    (pending) => localStorage.setItem('latchkey.pending', pending),
    JSON.stringify({ codeVerifier, deviceId, handle, returnTo }),
  )
}
