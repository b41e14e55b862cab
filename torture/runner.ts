import { createLatchkeyClient, type LatchkeyClient } from '../packages/client/client.ts'
import type { ClientOptions, Fetch } from '../packages/client/context.ts'
import { LatchkeyError } from '../packages/client/error.ts'
import { webCryptoKeys, type KeyStore } from '../packages/client/keys.ts'
import type { LatchkeyStorage } from '../packages/client/storage.ts'
import type { Outcome, State, Step } from './protocol.ts'

/** What the cases use of a client. */
export type TestedClient = Omit<LatchkeyClient, 'deleteAccount' | 'exportAccount'>

/** Calls the kit: `POST`, `/cases/…/runs`. */
export type Control = (method: string, path: string, body?: unknown) => Promise<unknown>
export type RunnerOptions = {
  make?: (options: ClientOptions) => TestedClient
  /** Whether sessions are bound in cases that leave it open. */
  bound?: boolean
  fetch?: Fetch
}
export type Begun = {
  run: string
  baseUrl: string
  keys: 'bound' | 'unbound' | 'any'
  timeoutMs: number
  step: Step | null
}

/** A process of the app. When it is dead, its storage fails, and what it has under way ends as `killed`. */
type Process = {
  client: TestedClient
  killed: PromiseWithResolvers<Outcome>
  dead: boolean
  calls: number
  dies: { at: number; done: boolean } | undefined
}

export const beginRun = async (control: Control, name: string): Promise<Begun> =>
  (await control('POST', `/cases/${name}/runs`, {})) as Begun

/** Plays one case to the client. @returns the verdict. */
export const playCase = async (control: Control, name: string, options: RunnerOptions = {}) =>
  playRun(control, await beginRun(control, name), options)

export async function playRun(
  control: Control,
  begun: Begun,
  options: RunnerOptions = {},
): Promise<{ pass: boolean; wrong: string[] }> {
  const perform = phone(begun, options)
  for (let step = begun.step; step !== null;) {
    const outcome = await perform(step)
    const next = await control('POST', `/runs/${begun.run}/outcomes`, outcome)
    step = (next as { step: Step | null }).step
  }
  return (await control('GET', `/runs/${begun.run}/verdict`)) as { pass: boolean; wrong: string[] }
}

/** A phone with the app on it. @returns what does one step. */
function phone(
  { baseUrl, keys, timeoutMs }: Begun,
  { make = createLatchkeyClient, bound = false, fetch }: RunnerOptions,
) {
  let items = new Map<string, string>()
  let backup = new Map<string, string>()
  let broken: 'reads' | 'writes' | null = null
  let keyIsLocked = false
  let key = webCryptoKeys()
  let offsetMs = 0
  let sleptMs = 0
  const processes = new Map<number, Process>()
  const background = new Map<string, Promise<Outcome>>()

  const keyStore: KeyStore = {
    getKey: () => (keyIsLocked ? Promise.reject(new Error('locked')) : key.getKey()),
  }

  function start(number: number): Process {
    const process: Process = {
      client: null!,
      killed: Promise.withResolvers(),
      dead: false,
      calls: 0,
      dies: undefined,
    }
    process.client = make({
      issuer: baseUrl,
      storage: storageOf(process),
      dpop: (keys === 'any' ? bound : keys === 'bound') && keyStore,
      timeoutMs,
      ...(fetch && { fetch }),
      now: () => Date.now() + offsetMs,
      sleep: async (ms) => void (sleptMs += ms),
    })
    processes.set(number, process)
    return process
  }

  function kill(number: number): Process {
    const process = processes.get(number)
    if (process) {
      process.dead = true
      process.killed.resolve({ error: 'killed' })
    }
    return start(number)
  }

  function storageOf(process: Process): LatchkeyStorage {
    async function call<T>(kind: 'reads' | 'writes', work: () => T): Promise<T> {
      if (process.dead) throw new Error('this process is dead')
      process.calls++
      if (process.dies?.at === process.calls) {
        if (process.dies.done && broken !== kind) work()
        process.dead = true
        throw new Error('this process has died')
      }
      if (broken === kind) throw new Error(`no ${kind}`)
      return work()
    }
    return {
      get: (name) => call('reads', () => items.get(name)),
      set: (name, value) => call('writes', () => items.set(name, value)),
      delete: (name) => call('writes', () => items.delete(name)),
    }
  }

  async function stateOf({ client }: Process): Promise<State> {
    try {
      if (await client.session()) return 'signed_in'
      return (await client.pending())?.state ?? 'signed_out'
    } catch {
      return 'unknown'
    }
  }

  const call = (process: Process, step: Step): Promise<Outcome> =>
    Promise.race([
      process.killed.promise,
      resultOf(process.client, step).then((result) => ({ result }), outcomeOf),
    ])

  async function ofClient(step: Step, number: number): Promise<Outcome> {
    const process = processes.get(number) ?? start(number)
    if (step.dies === undefined) return call(process, step)
    process.calls = 0
    process.dies = step.dies
    const outcome = await call(process, step)
    const died = process.dead
    kill(number)
    return died ? { error: 'killed' } : outcome
  }

  /** What happens to the phone. @returns false for a step of the client. */
  function happens(step: Step, number: number): boolean {
    if (step.do === 'kill') kill(number)
    else if (step.do === 'advanceClock') offsetMs += step.seconds * 1000
    else if (step.do === 'breakStorage') broken = step.what
    else if (step.do === 'mendStorage') broken = null
    else if (step.do === 'backup') backup = new Map(items)
    else if (step.do === 'restoreBackup') {
      items = new Map(backup)
      kill(number)
    } else if (step.do === 'lockKey') keyIsLocked = true
    else if (step.do === 'unlockKey') keyIsLocked = false
    else if (step.do === 'loseKey') key = webCryptoKeys()
    else return false
    return true
  }

  return async (step: Step): Promise<Outcome> => {
    const number = step.client ?? 1
    sleptMs = 0
    let outcome: Outcome = {}
    if (step.do === 'join') outcome = (await background.get(step.name))!
    else if (step.background !== undefined) {
      background.set(step.background, ofClient(step, number))
      return {}
    } else if (!happens(step, number)) outcome = await ofClient(step, number)
    const state = await stateOf(processes.get(number) ?? start(number))
    const storedBytes = Math.max(0, ...[...items.values()].map((value) => value.length))
    return { ...outcome, state, storedBytes, sleptMs }
  }
}

async function resultOf(client: TestedClient, step: Step): Promise<unknown> {
  switch (step.do) {
    case 'ask':
      return void (await client.ask({ email: step.email }))
    case 'resend':
      return void (await client.resend())
    case 'redeemLink':
      return (await client.redeemLink(step.url)).id
    case 'redeemCode':
      return (await client.redeemCode(step.code)).id
    case 'accessToken':
      return client.accessToken()
    case 'session':
      return (await client.session({ check: step.check ?? false }))?.id ?? null
    case 'signOut':
      return client.signOut()
    case 'signOutEverywhere':
      return client.signOutEverywhere({ keepCurrent: step.keepCurrent ?? false })
    case 'fetch': {
      const { url, method, body } = step
      const answer = await client.fetch(url, { method, ...(body !== undefined && { body }) })
      return { status: answer.status, body: await answer.text() }
    }
  }
  throw new Error(`the runner does not know ${step.do}`)
}

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof LatchkeyError)) return { error: 'crash', reason: String(error) }
  const { code, reason, retryAfterSeconds } = error
  return { error: code, ...(reason && { reason }), ...(retryAfterSeconds && { retryAfterSeconds }) }
}
