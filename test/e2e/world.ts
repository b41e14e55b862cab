import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { localAws, type Aws } from '../../dev/local-aws.ts'
import { freePort } from '../../dev/ports.ts'

const CHROMIUM = '/usr/bin/chromium'
const PARTS = [
  'node_modules',
  'package.json',
  'public',
  'scripts',
  'src',
  'tsconfig.json',
  'wrangler.toml',
]

/** What `npm run dev` starts, on ports and in a folder of its own. */
export type DevWorld = {
  issuer: string
  inbox: string
  aws: Aws
  /** Everything that it printed so far. */
  output: () => string
  /** `.dev.vars` as it is now. */
  varsFile: string
  stop: () => Promise<void>
}

/** @param vars variables of the Worker's; `:port` in a value becomes the Worker's port. */
export async function startDev(vars: Record<string, string> = {}): Promise<DevWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-e2e-'))
  for (const part of PARTS) symlinkSync(resolve(part), join(folder, part))
  const [port, dynamodbPort, inboxPort] = await Promise.all([freePort(), freePort(), freePort()])
  const varsFile = join(folder, '.dev.vars')
  const lines = Object.entries(vars).map(([name, value]) => [
    name,
    value.replace(':port', `:${port}`),
  ])
  writeFileSync(varsFile, lines.map(([name, value]) => `${name}='${value}'\n`).join(''))

  const { PATH, HOME, JAVA_HOME } = process.env
  const ports = { PORT: port, DYNAMODB_PORT: dynamodbPort, INBOX_PORT: inboxPort }
  const env = { PATH, HOME, JAVA_HOME, ...texts(ports) }
  const dev = spawn(process.execPath, [resolve('dev/dev.ts'), '--memory'], { cwd: folder, env })
  const exited = new Promise<void>((done) => dev.once('exit', () => done()))
  let output = ''
  const issuer = `http://127.0.0.1:${port}`
  await new Promise<void>((ready, failed) => {
    for (const stream of [dev.stdout, dev.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        if (output.includes(`Latchkey ready on ${issuer}`)) ready()
      })
    }
    void exited.then(() => failed(new Error(`npm run dev ended:\n${output}`)))
  })
  const stop = async (): Promise<void> => {
    dev.kill('SIGINT')
    await exited
    rmSync(folder, { recursive: true })
  }
  const aws = localAws(`http://127.0.0.1:${dynamodbPort}`)
  return {
    issuer,
    inbox: `http://127.0.0.1:${inboxPort}`,
    aws,
    output: () => output,
    varsFile,
    stop,
  }
}

const texts = (values: Record<string, number>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))

/** @throws Error, one line, when there is no Chromium: nothing here is skipped in silence. */
export function startChromium(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`The end-to-end tests need Chromium in ${CHROMIUM}: apt-get install chromium`)
  }
  return chromium.launch({
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
