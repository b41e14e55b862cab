import { parseConfig, type Config, type Env } from './base/config.ts'
import { createKeys, type Keys } from './crypto/keys.ts'
import { createSeals, type Seals } from './crypto/seal.ts'
import type { Deps } from './http/deps.ts'
import { createDynamoClient, type DynamoClient } from './dynamo/client.ts'
import { createDb } from './dynamo/db.ts'
import { createTrace, type Trace } from './dynamo/trace.ts'
import { writeLine, type Event, type Fields, type Sink } from './base/log.ts'
import { createSend, type Send } from './send/send.ts'
import type { World } from './base/world.ts'

/** What is made once for the life of an isolate: keys imported, signing-key caches, the clock's correction. */
export type Isolate = {
  config: Config
  seals: Seals
  keys: Keys
  dynamo: DynamoClient
  send: Send
}

/** @throws ConfigError, or jose's error when a signing key is not what it says. */
export async function createIsolate(env: Env, world: World): Promise<Isolate> {
  const config = parseConfig(env)
  const [seals, keys] = await Promise.all([
    createSeals(config.SEAL_KEYS, world),
    createKeys(config.JWT_KEYS.keys),
  ])
  const dynamo = createDynamoClient(config, world)
  return { config, seals, keys, dynamo, send: createSend(config, world) }
}

/** One request's share of the isolate, and what it leaves for afterwards. */
export type RequestScope = {
  deps: Deps
  trace: Trace
  /** What the request says of itself in its log line. */
  said: () => { event: Event; fields: Fields }
  /** Starts the background work; call it when the answer is ready to leave. */
  startBackground: (waitUntil: (promise: Promise<unknown>) => void) => void
}

export function createScope(
  isolate: Isolate,
  world: World,
  sink: Sink,
  requestId: string,
): RequestScope {
  let event: Event = 'request'
  let fields: Fields = {}
  const waiting: { event: Event; work: (deps: Deps) => Promise<void> }[] = []
  const trace = createTrace()
  const log = {
    requestId,
    event: (name: Event, more: Fields = {}) => {
      event = name
      fields = { ...fields, ...more }
    },
    line: (name: Event, more: Fields = {}) =>
      writeLine(sink, world.now(), name, { requestId, ...more }),
  }
  const deps: Deps = {
    ...isolate,
    world,
    db: createDb(isolate.dynamo, trace),
    log,
    background: (event, work) => void waiting.push({ event, work }),
  }

  async function run(entry: (typeof waiting)[number]): Promise<void> {
    // A turn of the event loop: the answer leaves first, so that its timing tells nothing of this work.
    await world.sleep(0)
    try {
      await entry.work({ ...deps, db: createDb(isolate.dynamo, createTrace()) })
    } catch (error) {
      log.line(entry.event, { outcome: 'failed', error: errorName(error) })
    }
  }

  return {
    deps,
    trace,
    said: () => ({ event, fields }),
    startBackground: (waitUntil) => {
      for (const entry of waiting.splice(0)) waitUntil(run(entry))
    },
  }
}

/** An error's name and code: its message may repeat what a person sent. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const cause = error.cause instanceof Error ? ` < ${errorName(error.cause)}` : ''
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : ''
  return error.name + code + cause
}
