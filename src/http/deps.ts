import type { AwsPost } from '../base/aws.ts'
import type { Config } from '../base/config.ts'
import type { Event, Fields, RequestLog } from '../base/log.ts'
import type { World } from '../base/world.ts'
import type { Seals } from '../crypto/seal.ts'
import type { SigningKeys } from '../crypto/signing-keys.ts'
import type { Db } from '../dynamo/db.ts'
import type { Send } from '../send/send.ts'

/** The dependencies of a journey, for one request. */
export type Deps = {
  config: Config
  /** The origin of this Worker: ISSUER, or CONSOLE_ORIGIN in the console. */
  origin: string
  world: World
  seals: Seals
  keys: SigningKeys
  /** Signed requests to AWS, without retries. */
  post: AwsPost
  db: Db
  send: Send
  log: RequestLog
  /**
   * Starts work after the response, with its own database object. A failure is logged as `event`, with the fields of
   * `about`. Called from background work, it starts at once.
   */
  background: (event: Event, work: (deps: Deps) => Promise<void>, about?: Fields) => void
}
