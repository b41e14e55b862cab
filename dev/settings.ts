import { networkInterfaces } from 'node:os'
import { parseArgs } from 'node:util'
import { Plain } from '../scripts/fail.ts'
import { isPrivateAddress, isReachableIssuer } from './workers/issuer.ts'

export type DevSettings = {
  port: number
  dynamodbPort: number
  inboxPort: number
  consolePort: number
  /** A DynamoDB that already runs, without a trailing slash. If set, npm run dev does not start DynamoDB Local. */
  dynamodbEndpoint?: string
  /** Whether to use a fresh database in memory instead of the one in `.local/`. */
  memory: boolean
  /** This machine's address in a private network, if a phone there should reach the public Worker. */
  lanAddress?: string
  /** Where phones find the public Worker: ISSUER. */
  issuer: string
  /** Whether to start the two Workers. Without them, you can run `npx wrangler dev` yourself. */
  worker: boolean
}

export const DEFAULT_PORTS = {
  PORT: 8787,
  DYNAMODB_PORT: 8000,
  INBOX_PORT: 8788,
  CONSOLE_PORT: 8789,
} as const

/** @throws Plain, one line, about the first invalid flag or variable. */
export function devSettings(
  args: string[],
  env: NodeJS.ProcessEnv,
  ownAddresses = addressesOfThisMachine,
): DevSettings {
  const flags = parseFlags(args)
  const port = portOf(env, 'PORT')
  const dynamodbPort = portOf(env, 'DYNAMODB_PORT')
  const inboxPort = portOf(env, 'INBOX_PORT')
  const consolePort = portOf(env, 'CONSOLE_PORT')
  const endpoint = endpointOf(env)
  const needed = [port, inboxPort, consolePort, ...(endpoint ? [] : [dynamodbPort])]
  if (new Set(needed).size < needed.length) {
    throw new Plain(
      `PORT (${port}), DYNAMODB_PORT (${dynamodbPort}), INBOX_PORT (${inboxPort}) and CONSOLE_PORT (${consolePort}) must be different ports.`,
    )
  }
  const lanAddress = lanAddressOf(env, ownAddresses)
  const issuer = issuerOf(env) ?? `http://${lanAddress ?? '127.0.0.1'}:${port}`
  const dynamodb = endpoint ? { dynamodbEndpoint: endpoint } : {}
  const lan = lanAddress ? { lanAddress } : {}
  return { port, dynamodbPort, inboxPort, consolePort, issuer, ...dynamodb, ...lan, ...flags }
}

function parseFlags(args: string[]): { memory: boolean; worker: boolean } {
  try {
    const { values } = parseArgs({
      args,
      options: { memory: { type: 'boolean' }, 'no-worker': { type: 'boolean' } },
    })
    return { memory: values.memory ?? false, worker: !values['no-worker'] }
  } catch {
    throw new Plain(`npm run dev accepts --memory and --no-worker, not ${args.join(' ')}.`)
  }
}

function portOf(env: NodeJS.ProcessEnv, name: keyof typeof DEFAULT_PORTS): number {
  const text = env[name] || String(DEFAULT_PORTS[name])
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) {
    throw new Plain(`${name} must be a port from 1 to 65535, not ${JSON.stringify(text)}.`)
  }
  return port
}

/** Only a private address, since the Worker speaks plain HTTP there, and only one of this machine. */
function lanAddressOf(env: NodeJS.ProcessEnv, ownAddresses: () => string[]): string | undefined {
  const text = env.LAN_ADDRESS
  if (!text) return undefined
  const known = ownAddresses().filter(isPrivateAddress)
  if (known.includes(text)) return text
  throw new Plain(
    `LAN_ADDRESS must be a private IPv4 address of this machine (${known.join(', ') || 'it has none'}), not ${JSON.stringify(text)}.`,
  )
}

const addressesOfThisMachine = (): string[] =>
  Object.values(networkInterfaces()).flatMap((of) => of?.map(({ address }) => address) ?? [])

/** The address of a tunnel to the public Worker. */
function issuerOf(env: NodeJS.ProcessEnv): string | undefined {
  const text = env.ISSUER?.replace(/\/$/, '')
  if (!text) return undefined
  if (text.startsWith('https:') && isReachableIssuer(text)) return text
  throw new Plain(
    `ISSUER must be the https origin of a tunnel, such as https://name.trycloudflare.com, not ${JSON.stringify(text)}.`,
  )
}

function endpointOf(env: NodeJS.ProcessEnv): string | undefined {
  const text = env.DYNAMODB_ENDPOINT
  if (!text) return undefined
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Plain(
      `DYNAMODB_ENDPOINT must be a URL such as http://127.0.0.1:8000, not ${JSON.stringify(text)}.`,
    )
  }
  // npm run dev creates tables and sample people, which must never happen in an AWS account.
  if (/\.amazonaws\.com(\.cn)?$/.test(url.hostname)) {
    throw new Plain('DYNAMODB_ENDPOINT must not be AWS. npm run dev needs a local DynamoDB.')
  }
  return text.replace(/\/+$/, '')
}
