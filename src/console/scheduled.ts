import type { Env } from '../base/config.ts'
import { errorName } from '../base/error-name.ts'
import { consoleSink, type Sink } from '../base/log.ts'
import { realWorld, type World } from '../base/world.ts'
import { createIsolates, createShare } from '../isolate.ts'
import { parseConsoleConfig } from './config.ts'
import type { ConsoleDeps } from './deps.ts'
import { sendDigest } from './digest/send-digest.ts'

/** The handler of the console's cron trigger (wrangler.toml). No request can call it. */
export function createScheduled(
  world: World = realWorld,
  sink: Sink = consoleSink,
  parseConfig = parseConsoleConfig,
): (event: unknown, env: Env) => Promise<void> {
  const isolateOf = createIsolates(world, sink, {
    name: 'console',
    parseConfig,
    originOf: (config) => config.CONSOLE_ORIGIN,
  })
  return async (_event, env) => {
    // The log already names what is wrong with the configuration.
    const isolate = await isolateOf(env).catch(() => undefined)
    if (isolate === undefined) return
    const deps = createShare(isolate, world, sink, { requestId: crypto.randomUUID() })
      .deps as ConsoleDeps
    if (deps.config.DIGEST === 'off') return
    try {
      await sendDigest(deps)
    } catch (error) {
      deps.log.line('digest_sent', { outcome: 'failed', error: errorName(error) })
    }
  }
}
