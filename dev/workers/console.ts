import { consoleSink } from '../../src/base/log.ts'
import { realWorld } from '../../src/base/world.ts'
import { createConsole } from '../../src/console/app.ts'
import { parseConsoleConfig } from '../../src/console/config.ts'
import { createScheduled } from '../../src/console/scheduled.ts'
import { inDevelopment } from './config.ts'

const parse = inDevelopment(parseConsoleConfig)

/** The console as `npm run dev` runs it. It accepts the same issuers as the public Worker beside it. */
export default {
  fetch: createConsole(realWorld, consoleSink, parse).fetch,
  scheduled: createScheduled(realWorld, consoleSink, parse),
}
