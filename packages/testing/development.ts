import { TestingError } from './error.ts'

export type DevelopmentOptions = {
  /** The Worker of `npm run dev`. `http://127.0.0.1:8787` by default. */
  issuer?: string
  /** How long to wait for an answer and for a message. 20 seconds by default. */
  timeoutMs?: number
}

/** What `npm run dev` says of itself. */
export type Development = {
  issuer: string
  inbox: string
  appScheme: string
  companyDomains: string[]
}

export const DEFAULT_ISSUER = 'http://127.0.0.1:8787'
export const DEFAULT_TIMEOUT_MS = 20_000

/**
 * Finds the inbox of a development Worker. Only `npm run dev` answers here, so nothing is ever asked of a deployment.
 * @throws TestingError `not_development` or `unreachable`.
 */
export async function findDevelopment({
  issuer: given = DEFAULT_ISSUER,
  timeoutMs = DEFAULT_TIMEOUT_MS,
}: DevelopmentOptions): Promise<Development> {
  const issuer = given.replace(/\/$/, '')
  const response = await request(`${issuer}/development.json`, {}, timeoutMs)
  const said: unknown = await response.json().catch(() => null)
  if (response.status !== 200 || !isDevelopment(said)) {
    throw new TestingError(
      'not_development',
      `${issuer} is not a Worker that npm run dev started: GET /development.json answered ${response.status}. Tests sign in through the inbox, which a deployment does not have.`,
    )
  }
  if (!isLoopback(said.inbox)) {
    throw new TestingError(
      'not_development',
      `${issuer} sends its messages to ${said.inbox}, which is not an inbox on this machine.`,
    )
  }
  return said
}

/** An address that may sign in, and that no other test uses. Each address may ask once in 60 seconds. */
export async function newEmail(options: DevelopmentOptions = {}): Promise<string> {
  const { companyDomains } = await findDevelopment(options)
  const [domain] = companyDomains
  if (domain === undefined) {
    throw new TestingError('not_development', 'The Worker has no COMPANY_DOMAINS.')
  }
  return `t-${crypto.randomUUID()}@${domain}`
}

/** @throws TestingError `unreachable` if there is no answer in time. It follows no redirect. */
export async function request(
  url: string,
  init: RequestInit,
  timeoutMs: number,
): Promise<Response> {
  try {
    const signal = AbortSignal.timeout(Math.max(1, timeoutMs))
    return await fetch(url, { ...init, redirect: 'manual', signal })
  } catch (cause) {
    const { origin } = new URL(url)
    throw new TestingError(
      'unreachable',
      `Nothing answers at ${origin}. Is npm run dev running?`,
      cause,
    )
  }
}

function isDevelopment(said: unknown): said is Development {
  const { latchkey, issuer, inbox, appScheme, companyDomains } = Object(said) as Record<
    string,
    unknown
  >
  return (
    latchkey === 'development' &&
    [issuer, inbox, appScheme].every((text) => typeof text === 'string' && text !== '') &&
    Array.isArray(companyDomains)
  )
}

const isLoopback = (url: string): boolean =>
  URL.canParse(url) && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(url).hostname)
