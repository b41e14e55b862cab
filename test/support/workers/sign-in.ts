import { expect } from 'vitest'
import { encodeBase64url, sha256 } from '../../../src/base/encoding.ts'
import { messagesTo, newEmail, type Latchkey } from './latchkey.ts'

export const LINK_GRANT = 'urn:latchkey:grant-type:link'
export const CODE_GRANT = 'urn:latchkey:grant-type:code'

export type Device = { deviceId: string; codeVerifier: string; codeChallenge: string }

/** A phone that has made its PKCE pair (RFC 7636). */
export async function newDevice(): Promise<Device> {
  const codeVerifier = encodeBase64url(crypto.getRandomValues(new Uint8Array(32)))
  const codeChallenge = encodeBase64url(await sha256(codeVerifier))
  return { deviceId: `dev_${crypto.randomUUID()}`, codeVerifier, codeChallenge }
}

export const postJson = (
  app: Latchkey,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  app.fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

export const postForm = (
  app: Latchkey,
  path: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> =>
  app.fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  })

export const ask = (
  app: Latchkey,
  email: string,
  device: Device,
  more: Record<string, unknown> = {},
): Promise<Response> =>
  postJson(app, '/v1/links', { email, codeChallenge: device.codeChallenge, ...more })

export const tokenOf = (link: string): string => /tok_ml_[A-Za-z0-9_-]+/.exec(link)![0]

export type AskedLink = {
  email: string
  handle: string
  linkToken: string
  code: string
  link: string
}

/** Asks for a link and takes it out of the inbox. */
export async function askForLink(
  app: Latchkey,
  device: Device,
  email: string = newEmail(),
  more: Record<string, unknown> = {},
): Promise<AskedLink> {
  const answer = await ask(app, email, device, more)
  expect(answer.status).toBe(202)
  const { handle } = (await answer.json()) as { handle: string }
  await app.settle()
  const [mail] = await messagesTo(email)
  if (mail === undefined) throw new Error(`no mail came: ${JSON.stringify(app.lines)}`)
  return { email, handle, linkToken: tokenOf(mail.link), code: mail.code, link: mail.link }
}

export type Tokens = {
  access_token: string
  token_type: string
  expires_in: number
  refresh_token: string
  refresh_token_expires_in: number
  session_id: string
  user: { id: string; email: string }
  dashboard_id?: string
  server_time: number
}

export const redeem = (
  app: Latchkey,
  linkToken: string,
  device: Device,
  more: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Response> =>
  postForm(
    app,
    '/v1/token',
    {
      grant_type: LINK_GRANT,
      link_token: linkToken,
      code_verifier: device.codeVerifier,
      device_id: device.deviceId,
      ...more,
    },
    headers,
  )

export const redeemCode = (
  app: Latchkey,
  { handle }: Pick<AskedLink, 'handle'>,
  code: string,
  device: Device,
): Promise<Response> =>
  postForm(app, '/v1/token', {
    grant_type: CODE_GRANT,
    handle,
    code,
    code_verifier: device.codeVerifier,
    device_id: device.deviceId,
  })

/** A sign-in that must succeed. */
export async function expectTokens(answer: Response): Promise<Tokens> {
  expect(answer.status, await answer.clone().text()).toBe(200)
  return (await answer.json()) as Tokens
}

/** A sign-in that must be refused, and what it tells: undefined is all that a stranger gets. */
export async function expectRefused(answer: Response, reason: string | undefined): Promise<void> {
  const told = (await answer.json()) as { error: string; latchkey_reason?: string }
  expect([answer.status, told.error, told.latchkey_reason]).toEqual([400, 'invalid_grant', reason])
}

/** A whole sign-in: ask, mail, redeem. */
export async function signIn(
  app: Latchkey,
  device?: Device,
  email?: string,
): Promise<Tokens & { device: Device; linkToken: string }> {
  const phone = device ?? (await newDevice())
  const asked = await askForLink(app, phone, email)
  const tokens = await expectTokens(await redeem(app, asked.linkToken, phone))
  return { ...tokens, device: phone, linkToken: asked.linkToken }
}

export const withToken = (
  app: Latchkey,
  accessToken: string,
  path: string,
  init: RequestInit = {},
) =>
  app.fetch(path, { ...init, headers: { Authorization: `Bearer ${accessToken}`, ...init.headers } })
