import { inject } from 'vitest'
import { createApp } from '../../../src/app.ts'
import type { Env } from '../../../src/base/config.ts'
import { createConsole } from '../../../src/console/app.ts'
import { CONSOLE_ORIGIN } from './console.ts'
import { startWorker, type Latchkey, type StartOptions } from './latchkey.ts'
import { ISSUER } from './tokens.ts'

export type StsFault = { fault: string; times?: number }
export type StsCall = Record<string, string>

/** A Worker without an access key, and the stand-in of STS that gives it keys. */
export type Keyless = Latchkey & {
  setStsFaults: (faults: StsFault[]) => Promise<void>
  stsCalls: () => Promise<StsCall[]>
  /** AWS refuses all keys so far as expired. */
  expireKeys: () => Promise<void>
  /** IAM's provider trusts other keys, or another audience. */
  setProvider: (provider: object) => Promise<void>
}

const ROLE = 'arn:aws:iam::123456789012:role/latchkey-'
const NO_KEYS = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }

let scenarios = 0

/** @param worker which of the Workers. @param options `env` and `world` come last. */
export async function startKeyless(
  worker: 'public' | 'console' = 'public',
  options: StartOptions = {},
): Promise<Keyless> {
  const scenario = `k${++scenarios}-${crypto.randomUUID().slice(0, 8)}`
  const endpoint: string = inject('stsEndpoint')
  const control = `${endpoint}/_control/${scenario}`
  const env: Env = {
    ...NO_KEYS,
    AWS_ROLE_ARN: ROLE + worker,
    STS_ENDPOINT: `${endpoint}/${scenario}`,
    ...(worker === 'console' ? { CONSOLE_ORIGIN } : {}),
    ...options.env,
  }
  const [create, origin] =
    worker === 'console' ? [createConsole, CONSOLE_ORIGIN] : [createApp, ISSUER]
  const app = startWorker(create, origin, { ...options, env })
  const put = async (body: object) => {
    const answer = await fetch(control, { method: 'PUT', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(await answer.text())
  }
  // An operator registers the issuer with IAM. The public Worker publishes the keys, for both.
  const issuer = startWorker(createApp, ISSUER, { env: { JWT_KEYS: app.env['JWT_KEYS'] } })
  const jwks = await (await issuer.fetch('/.well-known/jwks.json')).json()
  const setProvider = (provider: object) =>
    put({ provider: { issuer: ISSUER, audience: 'sts.amazonaws.com', jwks, ...provider } })
  await setProvider({})
  return {
    ...app,
    setProvider,
    setStsFaults: (rules) => put({ rules }),
    stsCalls: () => callsOfSts(scenario),
    async expireKeys() {
      await fetch(control, { method: 'DELETE' })
    },
  }
}

/** The calls of STS at another path. */
export async function callsOfSts(scenario: string): Promise<StsCall[]> {
  const answer = await fetch(`${inject('stsEndpoint')}/_control/${scenario}`)
  return (await answer.json<{ calls: StsCall[] }>()).calls
}

/** Claims of a token, unverified. */
export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(atob(token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))) as Record<
    string,
    unknown
  >
