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
  const to = encodeURIComponent(more['phoneNumber'] ?? email)
  const url = `${world.inbox}/messages?to=${to}`
  const inbox = async () => (await (await fetch(url)).json()) as { link: string; code: string }[]
  const before = (await inbox()).length
  const answer = await post(world, '/v1/links', { email, codeChallenge, ...more })
  if (answer.status !== 202) throw new Error(`asked: ${answer.status} ${await answer.text()}`)
  const { handle } = (await answer.json()) as { handle: string }
  for (let tries = 0; tries < 400; tries++) {
    const messages = await inbox()
    const [message] = messages
    const deviceId = `dev_${randomUUID()}`
    // The message of an earlier ask may still be the newest.
    if (message && messages.length > before)
      return { email, handle, ...pick(message), codeVerifier, deviceId }
    await sleep(25)
  }
  throw new Error(`no message came to ${email}`)
}

const pick = ({ link, code }: { link: string; code: string }) => ({ link, code })

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
