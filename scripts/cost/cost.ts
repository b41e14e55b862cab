/** Prints the tables of docs/cost.md: `npm run cost`. */
import { table } from '../markdown-table.ts'
import { BY_SESSIONS, FLOWS, ROWS, type FlowName } from './flows.ts'
import type { Units } from './units.ts'

/** US dollars at list price, us-east-1, standard table class, on demand. docs/cost.md names the sources. */
const PRICE = {
  readUnit: 0.125 / 1e6,
  writeUnit: 0.625 / 1e6,
  storedGigabyte: 0.25,
  workersPlan: 5,
  workersRequest: 0.3 / 1e6,
  workersRequestsIncluded: 10e6,
}

/** Requests for each sign-in, until the person signs in again a month later: about two uses of the app a day. */
const PER_SIGN_IN: Partial<Record<FlowName, number>> = {
  ask: 1,
  linkPage: 1,
  redeemLink: 1,
  refresh: 60,
  check: 10,
  list: 1,
}

/** How long a row is stored, in months: TTL deletes a session some days after its 30 days, a link after 15 minutes. */
const STORED_MONTHS = { link: 0.1, session: 1.1, address: 1.1 }
/** Storage is billed with 100 bytes for each item. */
const BYTES_MORE = 100

/** 100 and 500 sign-ins a day are an internal tool. */
const SIGN_INS = [3000, 15_000, 1e6, 10e6, 100e6]
const SECONDS_A_MONTH = 30 * 86_400
const PEAK = 5

const MONTHLY = Object.entries(PER_SIGN_IN) as [FlowName, number][]

const unitsOf = (flows: [FlowName, number][]): Units => ({
  read: flows.reduce((sum, [name, times]) => sum + FLOWS[name].read * times, 0),
  write: flows.reduce((sum, [name, times]) => sum + FLOWS[name].write * times, 0),
})

const gigabytesPerSignIn =
  Object.entries(STORED_MONTHS).reduce((sum, [name, months]) => {
    const { bytes, copies } = ROWS[name as keyof typeof STORED_MONTHS]
    return sum + (bytes + BYTES_MORE) * copies * months
  }, 0) / 1e9

const number = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 })
const dollars = (value: number): string =>
  value.toLocaleString('en-US', {
    style: 'currency',
    currency: 'USD',
    maximumFractionDigits: value < 10 ? 2 : 0,
    minimumFractionDigits: value < 10 ? 2 : 0,
  })
const priceOf = ({ read, write }: Units): number => read * PRICE.readUnit + write * PRICE.writeUnit

const flows = (): string =>
  table(
    ['flow', 'read units', 'write units', 'a million of them'],
    Object.values(FLOWS).map((flow) => [
      flow.name,
      number(flow.read),
      number(flow.write),
      dollars(priceOf(flow) * 1e6),
    ]),
  )

const rows = (): string =>
  table(
    ['row', 'bytes', 'stored in', 'write units for one write'],
    Object.values(ROWS).map(({ name, bytes, copies }) => [
      name,
      number(bytes),
      copies === 1
        ? 'the table'
        : `the table and ${copies - 1} ${copies === 2 ? 'index' : 'indexes'}`,
      number(Math.ceil(bytes / 1024) * copies),
    ]),
  )

const months = (): string => {
  const { read, write } = unitsOf(MONTHLY)
  const requests = MONTHLY.reduce((sum, [, times]) => sum + times, 0)
  return table(
    ['sign-ins a month', 'reads', 'writes', 'storage', '**DynamoDB**', 'Workers requests'],
    SIGN_INS.map((count) => {
      const reads = read * count * PRICE.readUnit
      const writes = write * count * PRICE.writeUnit
      const storage = gigabytesPerSignIn * count * PRICE.storedGigabyte
      const paid = Math.max(0, requests * count - PRICE.workersRequestsIncluded)
      return [
        number(count),
        dollars(reads),
        dollars(writes),
        dollars(storage),
        `**${dollars(reads + writes + storage)}**`,
        dollars(PRICE.workersPlan + paid * PRICE.workersRequest),
      ]
    }),
  )
}

const load = (): string => {
  const { read, write } = unitsOf(MONTHLY)
  return table(
    [
      'sign-ins a month',
      'read units a second',
      'at the peak',
      'write units a second',
      'at the peak',
    ],
    SIGN_INS.map((count) => {
      const perSecond = count / SECONDS_A_MONTH
      const cells = [read, read * PEAK, write, write * PEAK]
      return [number(count), ...cells.map((units) => number(units * perSecond))]
    }),
  )
}

const sessions = (): string =>
  table(
    [
      'sessions of one person',
      'list: read units',
      'sign out everywhere: read units',
      'write units',
      'price',
    ],
    BY_SESSIONS.map(({ sessions: count, list, endAll }) => [
      number(count),
      number(list.read),
      number(endAll.read),
      number(endAll.write),
      `$${priceOf(endAll).toPrecision(2)}`,
    ]),
  )

/** The tables of docs/cost.md, by name. */
export const costTables = (): Record<string, string> => ({
  flows: flows(),
  rows: rows(),
  months: months(),
  load: load(),
  sessions: sessions(),
})

if (import.meta.main) {
  for (const [name, text] of Object.entries(costTables())) console.log(`${name}\n\n${text}\n`)
}
