import {
  DEFAULT_TIMEOUT_MS,
  findDevelopment,
  request,
  type DevelopmentOptions,
} from './development.ts'
import type { DeviceKey } from './device-key.ts'
import { random, sha256 } from './encoding.ts'
import { TestingError } from './error.ts'
import { messageIn, type SentMessage } from './message.ts'
import type { ProofTarget } from './proof.ts'

export type SignInOptions = DevelopmentOptions & {
  /** What to redeem. `link` by default. */
  by?: 'link' | 'code'
  /** Binds the session to this key: `createDeviceKey()`. */
  dpop?: DeviceKey
  deviceId?: string
  deviceName?: string
}

/** A session of a development Worker. */
export type SignedIn = SentMessage & {
  issuer: string
  accessToken: string
  tokenType: 'Bearer' | 'DPoP'
  /** Seconds. */
  expiresIn: number
  /** The session JWT. */
  refreshToken: string
  sessionId: string
  user: { id: string; email: string }
  deviceId: string
  /** The headers of a request as this person, with a new proof if the session is bound to a key. */
  headers: (target: Pick<ProofTarget, 'method' | 'url'>) => Promise<Record<string, string>>
}

/**
 * Signs in as an app would: asks, takes the message out of the inbox, and redeems its link or code. Both are used after
 * that. For a message that the app under test asks for itself, see `messageTo`.
 * @throws TestingError. Nothing is asked if the issuer is not a development Worker.
 */
export async function signInAs(email: string, options: SignInOptions = {}): Promise<SignedIn> {
  const { by = 'link', dpop, deviceName, timeoutMs = DEFAULT_TIMEOUT_MS } = options
  const { deviceId = `dev_${random(16)}` } = options
  const development = await findDevelopment(options)
  const { issuer } = development
  const codeVerifier = random(32)
  const codeChallenge = await sha256(codeVerifier)
  let handle = ''
  const message = await messageIn(
    development,
    email,
    async () => {
      const asked = await post(
        `${issuer}/v1/links`,
        { email, codeChallenge, deviceName },
        timeoutMs,
      )
      handle = String(asked['handle'])
    },
    options,
  )
  const parameters = {
    grant_type: `urn:latchkey:grant-type:${by}`,
    code_verifier: codeVerifier,
    device_id: deviceId,
    handle,
    ...(by === 'link' ? { link_token: message.link } : { code: message.code }),
  }
  const session = await redeem(`${issuer}/v1/token`, parameters, dpop, timeoutMs)
  const { access_token: accessToken } = session
  return {
    ...message,
    issuer,
    accessToken,
    tokenType: session.token_type,
    expiresIn: session.expires_in,
    refreshToken: session.refresh_token,
    sessionId: session.session_id,
    user: session.user,
    deviceId,
    headers: async (target) =>
      dpop?.headers({ ...target, accessToken }) ?? { Authorization: `Bearer ${accessToken}` },
  }
}

type TokenAnswer = {
  access_token: string
  token_type: 'Bearer' | 'DPoP'
  expires_in: number
  refresh_token: string
  session_id: string
  user: { id: string; email: string }
}

async function redeem(
  url: string,
  parameters: object,
  dpop: DeviceKey | undefined,
  timeoutMs: number,
): Promise<TokenAnswer> {
  const prove = async (nonce?: string): Promise<Record<string, string>> =>
    dpop ? { DPoP: await dpop.proof({ method: 'POST', url, ...(nonce ? { nonce } : {}) }) } : {}
  const session = await post(url, parameters, timeoutMs, prove)
  if (typeof session['access_token'] === 'string') return session as unknown as TokenAnswer
  throw new TestingError('bad_answer', `${url} answered without an access token.`)
}

/** Repeats a request once if the server wants its nonce in the proof (RFC 9449 section 8). */
async function post(
  url: string,
  body: object,
  timeoutMs: number,
  headersFor: (nonce?: string) => Promise<Record<string, string>> = async () => ({}),
): Promise<Record<string, unknown>> {
  const send = async (nonce?: string) => {
    const headers = { 'Content-Type': 'application/json', ...(await headersFor(nonce)) }
    return request(url, { method: 'POST', headers, body: JSON.stringify(body) }, timeoutMs)
  }
  let response = await send()
  const nonce = response.headers.get('DPoP-Nonce')
  if (nonce !== null && (response.status === 400 || response.status === 401))
    response = await send(nonce)
  const said: unknown = await response.json().catch(() => null)
  if (response.ok && said !== null) return said as Record<string, unknown>
  throw new TestingError('refused', refusal(url, response.status, said))
}

/** Names the error as Latchkey does. Its texts contain nothing of the request. */
function refusal(url: string, status: number, said: unknown): string {
  const { type, title, error, error_description, latchkey_reason } = Object(said) as Record<
    string,
    unknown
  >
  const names = [error ?? type, latchkey_reason, error_description ?? title].filter(
    (one) => typeof one === 'string',
  )
  const hint =
    status === 429
      ? ' An address may ask once in 60 seconds: give each test an address of its own, with newEmail().'
      : ''
  return `${new URL(url).pathname} answered ${status}: ${names.join(', ') || 'no reason'}.${hint}`
}
