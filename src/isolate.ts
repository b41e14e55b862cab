import { createAwsPost, type AwsPost } from './base/aws.ts'
import { createAwsClock } from './base/aws-clock.ts'
import { fixedKeys, type AwsKeySource } from './base/aws-keys.ts'
import { ConfigError, type Config, type Env } from './base/config.ts'
import { errorName } from './base/error-name.ts'
import { writeLine, type Event, type Fields, type Sink } from './base/log.ts'
import type { World } from './base/world.ts'
import { createSeals, type Seals } from './crypto/seal.ts'
import { createSigningKeys, type SigningKeys } from './crypto/signing-keys.ts'
import { roleKeysOf, type WorkerName } from './crypto/web-identity.ts'
import { createDynamoClient, type DynamoClient } from './dynamo/client.ts'
import { createDb } from './dynamo/db.ts'
import { createTrace, type Trace } from './dynamo/trace.ts'
import type { Deps } from './http/deps.ts'
import { createSend, type Send } from './send/send.ts'

/** The state of an isolate: imported keys, derived signing keys, the correction of the clock. */
export type Isolate = {
  config: Config
  /** The origin of this Worker: ISSUER, or CONSOLE_ORIGIN in the console. */
  origin: string
  seals: Seals
  keys: SigningKeys
  awsKeys: AwsKeySource
  post: AwsPost
  dynamo: DynamoClient
  send: Send
}

/** The differences between the isolates of the two Workers. */
export type IsolatePlan<C extends Config> = {
  /** Tells the Workers apart in the trust policies of their AWS roles. */
  name: WorkerName
  /** @throws ConfigError. */
  parseConfig: (env: Env) => C
  /** The origin of this Worker. DPoP proofs contain it, and requests from its own pages carry it. */
  originOf: (config: C) => string
}

/** @throws ConfigError, or jose's error if a signing key cannot be imported. */
export async function createIsolate<C extends Config>(
  env: Env,
  world: World,
  sink: Sink,
  { name, parseConfig, originOf }: IsolatePlan<C>,
): Promise<Isolate> {
  const config = parseConfig(env)
  const [seals, keys] = await Promise.all([
    createSeals(config.SEAL_KEYS, world),
    createSigningKeys(config.JWT_KEYS.keys),
  ])
  const clock = createAwsClock(world)
  const say = (event: Event, fields: Fields) =>
    writeLine(sink, world.now(), event, { ...fields }, config.ANALYTICS)
  const awsKeys =
    config.AWS_ROLE_ARN === undefined
      ? fixedKeys(config)
      : roleKeysOf(name, { config, world, clock, keys, say })
  const post = createAwsPost(config, world, awsKeys, clock)
  const dynamo = createDynamoClient(config, world, post)
  const send = createSend(config, world, post)
  return { config, origin: originOf(config), seals, keys, awsKeys, post, dynamo, send }
}

/**
 * The isolate of an environment, made once per environment. An invalid environment is refused at every request, but
 * logged only once.
 * @returns a function that rejects as createIsolate does.
 */
export function createIsolates<C extends Config>(
  world: World,
  sink: Sink,
  plan: IsolatePlan<C>,
): (env: Env) => Promise<Isolate> {
  const isolates = new WeakMap<Env, Promise<Isolate>>()
  return (env) => {
    const known = isolates.get(env)
    if (known !== undefined) return known
    const made = createIsolate(env, world, sink, plan)
    isolates.set(env, made)
    made.catch((error: unknown) => {
      const problems =
        error instanceof ConfigError
          ? error.problems
          : [`JWT_KEYS must be keys that can be imported (${errorName(error)})`]
      writeLine(sink, world.now(), 'config_invalid', { outcome: 'refusing', problems })
    })
    return made
  }
}

type WaitUntil = (promise: Promise<unknown>) => void

/** The state of one request, and its queue of work for after the response. */
export type RequestShare = {
  deps: Deps
  trace: Trace
  /** The event and fields of the request's log line. */
  said: () => { event: Event; fields: Fields }
  /** Starts the background work. Call it when the response is ready. */
  startBackground: (waitUntil: WaitUntil) => void
}

/** @param ids on every line of the request. */
export function createShare(isolate: Isolate, world: World, sink: Sink, ids: Fields): RequestShare {
  let event: Event = 'request'
  let fields: Fields = {}
  let started: WaitUntil | undefined
  const trace = createTrace()
  const log = {
    event: (name: Event, more: Fields = {}) => {
      event = name
      fields = { ...fields, ...more }
    },
    line: (name: Event, more: Fields = {}) =>
      writeLine(sink, world.now(), name, { ...ids, ...more }, isolate.config.ANALYTICS),
  }
  const queued: (() => Promise<void>)[] = []
  const deps: Deps = {
    ...isolate,
    world,
    db: createDb(isolate.dynamo, trace),
    log,
    background(name, work, about) {
      const run = () => runAfterAnswer(name, work, about)
      if (started === undefined) queued.push(run)
      else started(run())
    },
  }

  async function runAfterAnswer(
    name: Event,
    work: (deps: Deps) => Promise<void>,
    about: Fields = {},
  ): Promise<void> {
    // Waits one turn of the event loop, so that the response leaves first and its time reveals nothing about this
    // work.
    await world.sleep(0)
    try {
      await work({ ...deps, db: createDb(isolate.dynamo, createTrace()) })
    } catch (error) {
      log.line(name, { outcome: 'failed', ...about, error: errorName(error) })
    }
  }

  return {
    deps,
    trace,
    said: () => ({ event, fields }),
    startBackground(waitUntil) {
      started = waitUntil
      for (const run of queued.splice(0)) waitUntil(run())
      const renewal = isolate.awsKeys.renewEarly()
      if (renewal !== undefined) waitUntil(renewal)
    },
  }
}
