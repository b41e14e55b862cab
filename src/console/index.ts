import { createConsole } from './app.ts'
import { createScheduled } from './scheduled.ts'

export default { fetch: createConsole().fetch, scheduled: createScheduled() }
