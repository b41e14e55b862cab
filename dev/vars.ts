import { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { DEFAULT_PORTS } from './settings.ts'
import { LOCAL_AWS } from './local-aws.ts'
import { makeSecrets } from '../scripts/keys/make-secrets.ts'

const at = (port: number): string => `http://127.0.0.1:${port}`

/** Where the Workers find their world when every port is the default one. */
const DEFAULT_PLACES = {
  ISSUER: at(DEFAULT_PORTS.PORT),
  CONSOLE_ORIGIN: at(DEFAULT_PORTS.CONSOLE_PORT),
  DYNAMODB_ENDPOINT: at(DEFAULT_PORTS.DYNAMODB_PORT),
  SES_ENDPOINT: at(DEFAULT_PORTS.INBOX_PORT),
  SMS_ENDPOINT: at(DEFAULT_PORTS.INBOX_PORT),
}
export type Places = { [K in keyof typeof DEFAULT_PLACES]: string }

const HEAD = `# Made by npm run dev for this machine alone; never committed. Change what you like: nothing that
# stands here is written over. It is all that a plain \`npx wrangler dev\` needs beside the database, and the
# console too (\`--env console\`).
`

/** The sample company of the schema: its people sign in without an approval. */
const SAMPLE_COMPANY = {
  COMPANY_DOMAINS: 'sigmacomputing.com',
  ADMIN_EMAILS: 'admin@sigmacomputing.com',
  APPROVER_EMAILS: 'sales@sigmacomputing.com,demo@sigmacomputing.com',
}

/**
 * Makes `.dev.vars` (mode 0600), or appends what an older one lacks. A value that is there stays.
 * @returns the names that were added.
 */
export async function ensureDevVars(file: string): Promise<string[]> {
  const wanted: Record<string, string> = {
    ...DEFAULT_PLACES,
    ...SAMPLE_COMPANY,
    AWS_REGION: LOCAL_AWS.region,
    AWS_ACCESS_KEY_ID: LOCAL_AWS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_AWS.secretAccessKey,
    ...(await makeSecrets()),
  }
  const present = readVars(file)
  const missing = Object.keys(wanted).filter((name) => present[name] === undefined)
  if (missing.length === 0) return []
  if (!existsSync(file)) writeFileSync(file, HEAD, { mode: 0o600 })
  else if (!readFileSync(file, 'utf8').endsWith('\n')) appendFileSync(file, '\n')
  chmodSync(file, 0o600)
  appendFileSync(file, missing.map((name) => `${name}='${wanted[name]}'\n`).join(''))
  return missing
}

/**
 * What must be told to wrangler, since `.dev.vars` says the default while another port was chosen. A
 * developer's own value (neither absent nor the default) is left to stand.
 */
export function overrides(file: string, places: Places): Partial<Places> {
  const present = readVars(file)
  const names = Object.keys(places) as (keyof Places)[]
  const moved = names.filter((name) => {
    const value = present[name] ?? DEFAULT_PLACES[name]
    return value === DEFAULT_PLACES[name] && value !== places[name]
  })
  return Object.fromEntries(moved.map((name) => [name, places[name]]))
}

function readVars(file: string): NodeJS.Dict<string> {
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
}
