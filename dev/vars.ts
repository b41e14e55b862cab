import { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { DEFAULT_PORTS } from './settings.ts'
import { LOCAL_AWS } from './local-aws.ts'
import { makeSecrets } from '../scripts/keys/make-secrets.ts'

/** Where a part of development listens. */
export const at = (port: number): string => `http://127.0.0.1:${port}`

/** The URLs of the Workers if every port is the default one. */
const DEFAULT_URLS = {
  ISSUER: at(DEFAULT_PORTS.PORT),
  CONSOLE_ORIGIN: at(DEFAULT_PORTS.CONSOLE_PORT),
  DYNAMODB_ENDPOINT: at(DEFAULT_PORTS.DYNAMODB_PORT),
  SES_ENDPOINT: at(DEFAULT_PORTS.INBOX_PORT),
  SMS_ENDPOINT: at(DEFAULT_PORTS.INBOX_PORT),
}
export type Urls = { [K in keyof typeof DEFAULT_URLS]: string }

const FILE_HEADER = `# Made by npm run dev for this machine. Do not commit it. You may change any value: npm run dev only adds
# variables that are missing. \`npx wrangler dev\` and \`npx wrangler dev --env console\` need only this file,
# the database and the inbox.
`

/** The company of the schema's examples: its addresses may sign in without an approval. */
const SAMPLE_COMPANY = {
  COMPANY_DOMAINS: 'sigmacomputing.com',
  ADMIN_EMAILS: 'admin@sigmacomputing.com',
  APPROVER_EMAILS: 'sales@sigmacomputing.com,demo@sigmacomputing.com',
}

/** Features that are off by default in a deployment, and on in development. */
const TURNED_ON = { ACCESS_REQUESTS: 'on', DIGEST: 'daily' }

/**
 * Makes `.dev.vars` (mode 0600), or adds the variables that an older one lacks. It changes no value.
 * @returns the names of the added variables.
 */
export async function ensureDevVars(file: string): Promise<string[]> {
  const wanted: Record<string, string> = {
    ...DEFAULT_URLS,
    ...SAMPLE_COMPANY,
    ...TURNED_ON,
    AWS_REGION: LOCAL_AWS.region,
    AWS_ACCESS_KEY_ID: LOCAL_AWS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_AWS.secretAccessKey,
    // wrangler.toml may have the role of a deployment, which excludes these keys.
    AWS_ROLE_ARN: '',
    ...(await makeSecrets()),
  }
  const present = readVars(file)
  const missing = Object.keys(wanted).filter((name) => present[name] === undefined)
  if (missing.length === 0) return []
  if (!existsSync(file)) writeFileSync(file, FILE_HEADER, { mode: 0o600 })
  else if (!readFileSync(file, 'utf8').endsWith('\n')) appendFileSync(file, '\n')
  chmodSync(file, 0o600)
  appendFileSync(file, missing.map((name) => `${name}='${wanted[name]}'\n`).join(''))
  return missing
}

/**
 * @returns the URLs that wrangler must receive as flags, because a port is not the default in `.dev.vars`. A value
 *   that a developer changed is not overridden.
 */
export function overrides(file: string, urls: Urls): Partial<Urls> {
  const present = readVars(file)
  const names = Object.keys(urls) as (keyof Urls)[]
  const overridden = names.filter((name) => {
    const value = present[name] ?? DEFAULT_URLS[name]
    return value === DEFAULT_URLS[name] && value !== urls[name]
  })
  return Object.fromEntries(overridden.map((name) => [name, urls[name]]))
}

/** The scheme that opens the app, as the Worker will read it. */
export function appSchemeOf(file: string): string {
  const toml = existsSync('wrangler.toml') ? readFileSync('wrangler.toml', 'utf8') : ''
  return readVars(file)['APP_SCHEME'] || /^APP_SCHEME = "(.+)"$/m.exec(toml)?.[1] || 'latchkey'
}

export function readVars(file: string): NodeJS.Dict<string> {
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
}
