import { devSettings, type DevSettings } from './settings.ts'
import { ensureDevVars, overrides } from './vars.ts'
import { startDevWorker } from './worker.ts'
import { DynamoError } from '../scripts/tables/dynamo-call.ts'
import { startDynamoDBLocal } from './dynamodb-local.ts'
import { Plain } from '../scripts/fail.ts'
import { startInbox } from './inbox/inbox.ts'
import { localAws } from './local-aws.ts'
import { claimPort } from './ports.ts'
import { putSamplePeople } from './sample-people.ts'
import { ensureTables } from '../scripts/tables/tables.ts'

const DEV_VARS = '.dev.vars'
const DATABASE = '.local/dynamodb'

/** What runs, newest last; stopped in the opposite order. */
const stops: (() => Promise<void>)[] = []
let stopping: Promise<void> | undefined

/** Stops all once, however often it is asked for, and ends this process. */
function stopAll(exitCode: number): Promise<void> {
  stopping ??= (async () => {
    // One by one from the end, since a start that is under way may still add to them.
    for (let stop = stops.pop(); stop; stop = stops.pop()) await stop()
    process.exit(exitCode)
  })()
  return stopping
}

/** A part that ends by itself takes the rest with it. */
function watch(name: string, ended: Promise<unknown>): void {
  void ended.then(() => {
    if (!stopping) console.error(`${name} ended; stopping the rest.`)
    return stopAll(1)
  })
}

async function start(settings: DevSettings): Promise<void> {
  const { port, dynamodbPort, inboxPort, consolePort, worker } = settings
  if (worker) await claimPort(port, 'the Worker', 'PORT')
  if (worker) await claimPort(consolePort, 'the console', 'CONSOLE_PORT')
  await claimPort(inboxPort, 'the inbox', 'INBOX_PORT')
  if (!settings.dynamodbEndpoint) await claimPort(dynamodbPort, 'DynamoDB', 'DYNAMODB_PORT')

  const dynamodb = settings.dynamodbEndpoint ?? (await database(settings))
  await fill(dynamodb)
  const inbox = await startInbox(inboxPort)
  stops.push(inbox.stop)
  console.log(`Inbox     ${inbox.endpoint}`)

  const added = await ensureDevVars(DEV_VARS)
  if (added.length > 0) console.log(`Secrets   ${DEV_VARS} (added ${added.join(', ')})`)
  const issuer = `http://127.0.0.1:${port}`
  const consoleOrigin = `http://127.0.0.1:${consolePort}`
  const places = {
    ISSUER: issuer,
    CONSOLE_ORIGIN: consoleOrigin,
    DYNAMODB_ENDPOINT: dynamodb,
    SES_ENDPOINT: inbox.endpoint,
    SMS_ENDPOINT: inbox.endpoint,
  }
  const moved = overrides(DEV_VARS, places)
  if (!worker) return sayHowToStartTheWorkers(settings, moved)
  if (stopping) return
  console.log(`Worker    ${issuer}`)
  const running = startDevWorker('', port, moved)
  stops.push(running.stop)
  watch('The Worker', running.ended)
  const consoleRunning = startDevWorker('console', consolePort, moved)
  stops.push(consoleRunning.stop)
  watch('The console', consoleRunning.ended)
  const [ready, consoleReady] = await Promise.all([running.ready(), consoleRunning.ready()])
  if (stopping) return
  if (!ready) throw new Plain('The Worker did not start: mend what is said above and try again.')
  if (!consoleReady) {
    throw new Plain('The console did not start: mend what is said above and try again.')
  }
  console.log(`Console on ${consoleOrigin}`)
  console.log(`Latchkey ready on ${issuer}`)
}

async function database({ dynamodbPort, memory }: DevSettings): Promise<string> {
  const dbPath = memory ? {} : { dbPath: DATABASE }
  const local = await startDynamoDBLocal({ port: dynamodbPort, ...dbPath })
  stops.push(local.stop)
  watch('DynamoDB Local', local.ended)
  const where = memory ? 'in memory' : `in ${DATABASE}`
  console.log(`DynamoDB  ${local.endpoint} (${where}; it listens on every interface)`)
  return local.endpoint
}

async function fill(endpoint: string): Promise<void> {
  const aws = localAws(endpoint)
  try {
    await ensureTables(aws)
    await putSamplePeople(aws, Math.floor(Date.now() / 1000))
  } catch (error) {
    if (error instanceof DynamoError) throw new Plain(`DynamoDB on ${endpoint}: ${error.message}`)
    if (error instanceof TypeError) throw new Plain(`No DynamoDB answers on ${endpoint}.`)
    throw error
  }
  console.log('Tables    both as in the schema, with the sample people')
}

function sayHowToStartTheWorkers({ port, consolePort }: DevSettings, moved: object): void {
  const flags = port === 8787 ? '' : ` --port ${port}`
  const vars = Object.entries(moved).map(([name, value]) => ` --var ${name}:${value}`)
  const forConsole = ` --env console --port ${consolePort} --persist-to .wrangler/console`
  console.log(`Ready for the console: npx wrangler dev${forConsole}${vars.join('')}`)
  console.log(`Ready for the Worker: npx wrangler dev${flags}${vars.join('')}`)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void stopAll(0))
}
// Whoever started us is gone without a signal.
process.on('disconnect', () => void stopAll(1))

try {
  await start(devSettings(process.argv.slice(2), process.env))
} catch (error) {
  if (!stopping) console.error(error instanceof Plain ? error.message : error)
  await stopAll(1)
}
