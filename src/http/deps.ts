import type { Config } from '../base/config.ts'
import type { Keys } from '../crypto/keys.ts'
import type { Seals } from '../crypto/seal.ts'
import type { Db } from '../dynamo/db.ts'
import type { Event, RequestLog } from '../base/log.ts'
import type { Send } from '../send/send.ts'
import type { World } from '../base/world.ts'

/** What a flow works with, for one request. */
export type Deps = {
  config: Config
  world: World
  seals: Seals
  keys: Keys
  db: Db
  send: Send
  log: RequestLog
  /** Starts after the answer, with a database of its own; a failure is logged as `event`. */
  background: (event: Event, work: (deps: Deps) => Promise<void>) => void
}

/** Who asks, for the rows' `metadata`: for a person's own activity list, never for a decision. */
export type Client = { ipAddress: string; userAgent: string }
