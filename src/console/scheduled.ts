import type { Env } from '../base/config.ts'
import { errorName } from '../base/error-name.ts'
import { consoleSink, type Sink } from '../base/log.ts'
import { realWorld, type World } from '../base/world.ts'
import { createIsolates, createShare } from '../isolate.ts'
import { parseConsoleConfig } from './config.ts'
import type { ConsoleDeps } from './deps.ts'
import { sendDigest } from './digest/send-digest.ts'
import { MAIL_EVENTS_CRON, readMailEvents } from './mail-events/read-queue.ts'

/** The handler of the console's cron triggers (wrangler.toml). No request can call it. */
export function createScheduled(
  world: World = realWorld,
  sink: Sink = consoleSink,
  parseConfig = parseConsoleConfig,
): (event: { cron: string }, env: Env) => Promise<void> {
  const isolateOf = createIsolates(world, sink, {
    name: 'console',
    parseConfig,
    originOf: (config) => config.CONSOLE_ORIGIN,
  })
  return async ({ cron }, env) => {
    // The log already names what is wrong with the configuration.
    const isolate = await isolateOf(env).catch(() => undefined)
    if (isolate === undefined) return
    const deps = createShare(isolate, world, sink, { requestId: crypto.randomUUID() })
      .deps as ConsoleDeps
    const { DIGEST, MAIL_EVENTS_QUEUE_URL } = deps.config
    if (cron === MAIL_EVENTS_CRON) {
      if (MAIL_EVENTS_QUEUE_URL !== undefined) await readMailEvents(deps, MAIL_EVENTS_QUEUE_URL)
      return
    }
    if (DIGEST === 'off') return
    try {
      await sendDigest(deps)
    } catch (error) {
      deps.log.line('digest_sent', { outcome: 'failed', error: errorName(error) })
    }
  }
}
