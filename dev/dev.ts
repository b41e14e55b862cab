import { devSettings, type DevSettings } from './settings.ts'
import { appSchemeOf, at, ensureDevVars, overrides, readVars } from './vars.ts'
import { DEV_ENTRY, startDevWorker } from './worker.ts'
import { randomBytes } from 'node:crypto'
import { DynamoError } from '../scripts/tables/dynamo-call.ts'
import { startDynamoDBLocal } from './dynamodb-local.ts'
import { checkMailTexts } from '../scripts/check/mail-texts.ts'
import { Plain } from '../scripts/fail.ts'
import { startInbox } from './inbox/inbox.ts'
import { localAws } from './local-aws.ts'
import { newMachine, withMachine } from './playground/console-machine.ts'
import { playgroundWhenAsked } from './playground/when-asked.ts'
import { requireFreePort } from './ports.ts'
import { putSamplePeople, putSampleRequest } from './sample-people.ts'
import { ensureTables } from '../scripts/tables/tables.ts'

const DEV_VARS = '.dev.vars'
const DATABASE = '.local/dynamodb'

/** Functions that stop the running parts, in the order in which the parts started. */
const stops: (() => Promise<void>)[] = []
let stopping: Promise<void> | undefined

/** Stops every part, the last started first, then ends this process. A second call waits for the first. */
function stopAll(exitCode: number): Promise<void> {
  stopping ??= (async () => {
    // A part that is still starting may add itself during this, so each turn checks the list again.
    for (let stop = stops.pop(); stop; stop = stops.pop()) await stop()
    process.exit(exitCode)
  })()
  return stopping
}

/** If one part ends by itself, this stops the others too. */
function stopAllWhenEnded(name: string, ended: Promise<unknown>): void {
  void ended.then(() => {
    if (!stopping) console.error(`${name} has stopped. Stopping everything else.`)
    return stopAll(1)
  })
}

async function start(settings: DevSettings): Promise<void> {
  checkMailTexts()
  const { port, dynamodbPort, inboxPort, consolePort, issuer, lanAddress, worker } = settings
  if (worker) await requireFreePort(port, 'the Worker', 'PORT')
  if (worker) await requireFreePort(consolePort, 'the console', 'CONSOLE_PORT')
  await requireFreePort(inboxPort, 'the inbox', 'INBOX_PORT')
  if (!settings.dynamodbEndpoint) await requireFreePort(dynamodbPort, 'DynamoDB', 'DYNAMODB_PORT')

  const dynamodb = settings.dynamodbEndpoint ?? (await startDatabase(settings))
  await prepareTables(dynamodb)
  const added = await ensureDevVars(DEV_VARS)
  if (added.length > 0) console.log(`Secrets   ${DEV_VARS} (added ${added.join(', ')})`)
  const given = readVars(DEV_VARS)
  await putSampleRequest(localAws(dynamodb), nowSeconds(), given['SEAL_KEYS'])
  const consoleOrigin = at(consolePort)
  const urls = {
    ISSUER: issuer,
    CONSOLE_ORIGIN: consoleOrigin,
    DYNAMODB_ENDPOINT: dynamodb,
    SES_ENDPOINT: at(inboxPort),
    SMS_ENDPOINT: at(inboxPort),
  }
  const isReachable = issuer !== at(port)
  // A variable of the shell is for this start, and so comes before `.dev.vars`.
  const vars = { ...overrides(DEV_VARS, urls), ...(isReachable ? { ISSUER: issuer } : {}) }
  const [machine, playgroundKey] = [newMachine(), randomBytes(32).toString('base64url')]
  const playground = playgroundWhenAsked({
    dynamodb,
    inbox: at(inboxPort),
    worker: `http://${lanAddress ?? '127.0.0.1'}:${port}`,
    issuer: vars.ISSUER ?? given['ISSUER'] ?? issuer,
    console: consoleOrigin,
    company: given['COMPANY_DOMAINS']?.split(',')[0]?.trim() || 'example.com',
    machine,
    key: playgroundKey,
  })
  stops.push(playground.stop)
  const appScheme = appSchemeOf(DEV_VARS)
  const inbox = await startInbox(inboxPort, { appScheme, beside: playground.handle })
  stops.push(inbox.stop)
  console.log(`Inbox     ${inbox.endpoint}`)
  if (!worker) return printWorkerCommands(settings, vars)
  if (stopping) return
  console.log(`Worker    ${issuer}`)
  if (isReachable) warnOfOthers(issuer)
  const publicVars = { ...vars, PLAYGROUND_KEY: playgroundKey }
  const running = startDevWorker('', port, publicVars, lanAddress)
  stops.push(running.stop)
  stopAllWhenEnded('The Worker', running.ended)
  const clients = withMachine(given['CONSOLE_CLIENTS'], machine)
  const consoleVars = { ...vars, CONSOLE_CLIENTS: clients }
  const consoleRunning = startDevWorker('console', consolePort, consoleVars)
  stops.push(consoleRunning.stop)
  stopAllWhenEnded('The console', consoleRunning.ended)
  const [ready, consoleReady] = await Promise.all([running.ready(), consoleRunning.ready()])
  if (stopping) return
  if (!ready) throw new Plain('The Worker did not start. Fix the error above and try again.')
  if (!consoleReady)
    throw new Plain('The console did not start. Fix the error above and try again.')
  console.log(`Console ready on ${consoleOrigin}`)
  console.log(`Latchkey ready on ${issuer}`)
}

function warnOfOthers(issuer: string): void {
  const who = issuer.startsWith('http:') ? 'Everyone in this network' : 'Everyone on the internet'
  console.log(`WARNING   ${who} can reach the Worker on ${issuer}, with its sample people.`)
  console.log('          The inbox and the console stay on this machine.')
}

async function startDatabase({ dynamodbPort, memory }: DevSettings): Promise<string> {
  const dbPath = memory ? {} : { dbPath: DATABASE }
  const local = await startDynamoDBLocal({ port: dynamodbPort, ...dbPath })
  stops.push(local.stop)
  stopAllWhenEnded('DynamoDB Local', local.ended)
  console.log(`DynamoDB  ${local.endpoint} (${memory ? 'in memory' : `in ${DATABASE}`})`)
  console.log(
    `          It listens on every network interface. Block port ${dynamodbPort} in your firewall.`,
  )
  return local.endpoint
}

const nowSeconds = (): number => Math.floor(Date.now() / 1000)

async function prepareTables(endpoint: string): Promise<void> {
  const aws = localAws(endpoint)
  try {
    await ensureTables(aws)
    await putSamplePeople(aws, nowSeconds())
  } catch (error) {
    if (error instanceof DynamoError) throw new Plain(`DynamoDB on ${endpoint}: ${error.message}`)
    if (error instanceof TypeError) throw new Plain(`DynamoDB does not respond at ${endpoint}.`)
    throw error
  }
  console.log('Tables    created or up to date, with the sample people')
}

function printWorkerCommands({ port, consolePort, lanAddress }: DevSettings, vars: object): void {
  const address = lanAddress ? ` --ip ${lanAddress}` : ''
  const flags = (port === 8787 ? '' : ` --port ${port}`) + address
  const varFlags = Object.entries(vars).map(([name, value]) => ` --var ${name}:${value}`)
  const consoleFlags = ` --env console --port ${consolePort} --persist-to .wrangler/console`
  console.log(
    `Start the console with: npx wrangler dev ${DEV_ENTRY.console}${consoleFlags}${varFlags.join('')}`,
  )
  console.log(
    `Start the Worker with: npx wrangler dev ${DEV_ENTRY['']}${flags}${varFlags.join('')}`,
  )
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void stopAll(0))
}
// scripts/bootstrap.mjs, which started this process, ended without passing on a signal.
process.on('disconnect', () => void stopAll(1))

try {
  await start(devSettings(process.argv.slice(2), process.env))
} catch (error) {
  if (!stopping) console.error(error instanceof Plain ? error.message : error)
  await stopAll(1)
}
