import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const LIBRARIES = 'node_modules/kotlin-compiler/lib'
const CACHE = 'node_modules/.cache/latchkey-kotlin'
/** The library, its Android part, its tests, and what stands for Android in them. */
const SOURCES = 'packages/kotlin/{src,android/src}/**/*.kt'
const FLAGS = [
  ['-no-stdlib', '-no-reflect', '-jvm-target', '11', '-Xuse-fast-jar-file-system'],
  ['-Werror', '-Xexplicit-api=strict', '-module-name', 'latchkey'],
].flat()
/** A small heap and the first compiler alone: kotlinc is over before the second one would pay. */
const THRIFTY = ['-Xmx768m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto']

const library = (name: string): string => `${LIBRARIES}/${name}.jar`
const RUNTIME = [library('kotlin-stdlib'), library('kotlinx-coroutines-core-jvm')]
const COMPILER = [
  'kotlin-compiler',
  'kotlin-stdlib',
  'kotlin-reflect',
  'kotlin-script-runtime',
  'kotlinx-coroutines-core-jvm',
  'annotations-13.0',
].map(library)

/**
 * Compiles `packages/kotlin` once for each state of its sources, and keeps the classes in node_modules.
 *
 * @returns the class path of everything.
 * @throws Error with what the compiler said. A warning is an error.
 */
export async function compiledKotlin(): Promise<string> {
  const sources = globSync(SOURCES).toSorted()
  const hash = createHash('sha256').update(FLAGS.join(' ')).update(compilerVersion())
  for (const source of sources) hash.update(`\0${source}\0`).update(readFileSync(source))
  const folder = join(CACHE, hash.digest('hex').slice(0, 24))
  await onlyOne(`${folder}.lock`, async () => {
    if (!existsSync(folder)) await compile(sources, folder)
  })
  return [folder, ...RUNTIME].join(':')
}

const compilerVersion = (): string => readFileSync('node_modules/kotlin-compiler/build.txt', 'utf8')

async function compile(sources: string[], folder: string): Promise<void> {
  const building = mkdtempSync(`${folder}.building-`)
  const compiler = ['-cp', COMPILER.join(':'), 'org.jetbrains.kotlin.cli.jvm.K2JVMCompiler']
  const what = ['-cp', RUNTIME.join(':'), '-d', building, ...sources]
  try {
    await promisify(execFile)('java', [...THRIFTY, ...compiler, ...FLAGS, ...what])
  } catch (error) {
    rmSync(building, { recursive: true })
    const said = (error as { stderr?: string }).stderr || String(error)
    throw new Error(`kotlinc: ${said}`, { cause: error })
  }
  renameSync(building, folder)
  removeOlder()
}

function removeOlder(): void {
  for (const old of readdirSync(CACHE).map((name) => join(CACHE, name))) {
    const since = statSync(old, { throwIfNoEntry: false })?.mtimeMs ?? Infinity
    if (since < Date.now() - 86_400_000) rmSync(old, { recursive: true, force: true })
  }
}

/** Other processes of this test run wait, unless the one that has the lock was killed. */
async function onlyOne(lock: string, work: () => Promise<void>): Promise<void> {
  mkdirSync(CACHE, { recursive: true })
  while (!tookLock(lock)) {
    if (!isAlive(holderOf(lock))) rmSync(lock, { force: true })
    await sleep(200)
  }
  try {
    await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function tookLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
}

/** @returns this process when the lock is free by now, or not written yet. */
function holderOf(lock: string): number {
  try {
    return Number(readFileSync(lock, 'utf8')) || process.pid
  } catch {
    return process.pid
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Runs a main class. @returns its lines, as they come; they end when it does, and fail when it failed. */
export async function startKotlin(
  mainClass: string,
  ...args: string[]
): Promise<{ lines: AsyncIterable<string> }> {
  const classPath = await compiledKotlin()
  const child = spawn('java', [...THRIFTY, '-cp', classPath, mainClass, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  async function* linesOf(): AsyncIterable<string> {
    yield* createInterface(child.stdout)
    if ((await ended) !== 0) throw new Error(`${mainClass} failed`)
  }
  return { lines: linesOf() }
}

export type KotlinPhone = {
  /** Runs one call of the library. @throws KotlinError when the library does. */
  call: (name: string, more?: Record<string, unknown>) => Promise<unknown>
  /** Kills the process, as a phone does, and starts it again with the same storage. */
  restart: () => Promise<void>
  stop: () => void
}

/** What the library threw: `code` and `reason` are those of its LatchkeyException. */
export class KotlinError extends Error {
  readonly code: string
  readonly reason: string | undefined

  constructor(said: { code: string; reason?: string | null; message?: string }) {
    super(said.message ?? said.code)
    this.code = said.code
    this.reason = said.reason ?? undefined
  }
}

type Waiting = { resolve: (result: unknown) => void; reject: (error: Error) => void }

/** A JVM with the library in it, which signs in at this issuer. */
export async function kotlinPhone(
  issuer: string,
  binding: 'bound' | 'unbound' = 'bound',
): Promise<KotlinPhone> {
  const classPath = await compiledKotlin()
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-kotlin-'))
  const driver = ['-cp', classPath, 'dev.latchkey.test.DriverKt', issuer, folder, binding]
  let waiting = new Map<number, Waiting>()
  let count = 0
  const start = (): ChildProcess => {
    const calls = new Map<number, Waiting>()
    waiting = calls
    const child = spawn('java', [...THRIFTY, ...driver], { stdio: ['pipe', 'pipe', 'inherit'] })
    createInterface(child.stdout).on('line', (line) => {
      const { id, result, error } = JSON.parse(line) as {
        id: number
        result?: unknown
        error?: ConstructorParameters<typeof KotlinError>[0]
      }
      if (error) calls.get(id)?.reject(new KotlinError(error))
      else calls.get(id)?.resolve(result)
      calls.delete(id)
    })
    child.once('exit', () => {
      for (const { reject } of calls.values()) reject(new Error('the phone was stopped'))
    })
    return child
  }
  let child = start()
  return {
    call: (name, more = {}) =>
      new Promise((resolve, reject) => {
        const id = ++count
        waiting.set(id, { resolve, reject })
        child.stdin!.write(`${JSON.stringify({ ...more, id, call: name })}\n`)
      }),
    async restart() {
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGKILL')
      await ended
      child = start()
    },
    stop() {
      child.kill('SIGKILL')
      rmSync(folder, { recursive: true })
    },
  }
}
