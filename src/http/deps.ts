import type { Config } from '../base/config.ts'
import type { Event, RequestLog } from '../base/log.ts'
import type { World } from '../base/world.ts'
import type { Seals } from '../crypto/seal.ts'
import type { SigningKeys } from '../crypto/signing-keys.ts'
import type { Db } from '../dynamo/db.ts'
import type { Send } from '../send/send.ts'

/** What a journey works with, for one request. */
export type Deps = {
  config: Config
  /** The origin of this Worker: ISSUER, or CONSOLE_ORIGIN in the console. */
  origin: string
  world: World
  seals: Seals
  keys: SigningKeys
  db: Db
  send: Send
  log: RequestLog
  /**
   * Starts after the answer, with a database of its own; a failure is logged as `event`. Called from
   * background work, it starts at once.
   */
  background: (event: Event, work: (deps: Deps) => Promise<void>) => void
}
