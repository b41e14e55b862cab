import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium, type BrowserServer } from 'playwright-core'
import type { TestProject } from 'vitest/node'
import { freePort } from '../../dev/ports.ts'

const CHROMIUM = '/usr/bin/chromium'
const PARTS = [
  'dev',
  'link-page',
  'node_modules',
  'package.json',
  'packages',
  'public',
  'public-console',
  'scripts',
  'src',
  'tsconfig.json',
  'wrangler.toml',
]

/** A long name and a bright colour, so that what is readable with them is readable with any. */
export const APP_NAME = 'Donaudampfschifffahrtsgesellschaft'
/** Several, since the rate limit binding lets one address ask ten times a minute. */
export const ADMINS = Array.from({ length: 8 }, (_, n) => `admin${n}@sigmacomputing.com`)
/** Administrators of the command line's tests. */
export const CLI_ADMINS = Array.from({ length: 4 }, (_, n) => `cli-admin${n}@sigmacomputing.com`)
/** A machine that calls the console. */
export const MACHINE = { id: 'crm', secret: 'a secret of a machine that is random enough' }
const VARS = {
  ADMIN_EMAILS: [...ADMINS, ...CLI_ADMINS].join(', '),
  CONSOLE_CLIENTS: JSON.stringify({
    [MACHINE.id]: {
      secretSha256: createHash('sha256').update(MACHINE.secret).digest('base64url'),
      scopes: ['approvals:read', 'approvals:write', 'people:read', 'people:write'],
    },
  }),
  APP_NAME,
  BRAND_COLOR: '#ffd400',
  ANDROID_APPS: `com.example.app=${Array(32).fill('AB').join(':')}`,
}

/** Where `npm run dev` runs. */
export type Dev = {
  port: number
  inboxPort: number
  consolePort: number
  dynamodbPort: number
  outputFile: string
  varsFile: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    dev: Dev
    /** Where Playwright reaches the one Chromium. */
    chromium: string
  }
}

/** Starts what all files of this project share: one Chromium, and one `npm run dev`, which they wait for themselves. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const browser = await startChromium()
  const { dev, stop } = await startDev()
  provide('chromium', browser.wsEndpoint())
  provide('dev', dev)
  return async () => {
    await Promise.all([browser.close(), stop()])
  }
}

/** In a folder where neither its secrets nor its state meet the developer's own. */
async function startDev(): Promise<{ dev: Dev; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-e2e-'))
  for (const part of PARTS) symlinkSync(resolve(part), join(folder, part))
  const [port, dynamodbPort, inboxPort, consolePort] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ])
  const outputFile = join(folder, 'output')
  const varsFile = join(folder, '.dev.vars')
  const vars = { ...VARS, APP_LINK_ORIGIN: `http://localhost:${port}` }
  const lines = Object.entries(vars).map(([name, value]) => `${name}='${value}'\n`)
  writeFileSync(varsFile, lines.join(''))

  const { PATH, HOME, JAVA_HOME } = process.env
  const ports = {
    PORT: port,
    DYNAMODB_PORT: dynamodbPort,
    INBOX_PORT: inboxPort,
    CONSOLE_PORT: consolePort,
  }
  const output = openSync(outputFile, 'a')
  const child = spawn(process.execPath, [resolve('dev/dev.ts'), '--memory'], {
    cwd: folder,
    env: { PATH, HOME, JAVA_HOME, ...texts(ports) },
    stdio: ['ignore', output, output],
  })
  const ended = new Promise<void>((done) => {
    child.once('exit', () => {
      appendFileSync(outputFile, 'npm run dev ended\n')
      done()
    })
  })
  const stop = async (): Promise<void> => {
    child.kill('SIGINT')
    await ended
    rmSync(folder, { recursive: true })
  }
  return { dev: { port, dynamodbPort, inboxPort, consolePort, outputFile, varsFile }, stop }
}

const texts = (values: Record<string, number>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))

/** @throws Error, one line, when there is no Chromium: nothing here is skipped in silence. */
async function startChromium(): Promise<BrowserServer> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`The end-to-end tests need Chromium in ${CHROMIUM}: apt-get install chromium`)
  }
  return chromium.launchServer({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
