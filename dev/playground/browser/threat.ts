import type { Entry, Rows } from '../wire.ts'
import type { Phone } from './phone.ts'
import type { Message, Stage } from './stage.ts'

/** What was expected, what happened, and whether that is the same: judged from answers and rows. */
export type Check = { expected: string; happened: string; ok: boolean }

export const check = (expected: string, ok: boolean, happened: string): Check => ({
  expected,
  happened,
  ok,
})

/** Compares an outcome with the only right one. */
export const same = (expected: string, wanted: string | number, got: string | number): Check =>
  check(expected, wanted === got, got === wanted ? String(got) : `${got}, not ${wanted}`)

/** What a threat plays with. */
export type Play = {
  stage: Stage
  phone: Phone
  second: Phone
  /** Approves a guest who never signed in before, and gives them a new phone. @returns the address. */
  newGuest: (options?: { bound?: boolean }) => Promise<string>
  /** Says what happens now, and shows the rows that it led to so far. */
  step: (text: string) => Promise<void>
  rows: () => Promise<Rows>
  /** The requests since this threat began, oldest first. */
  entries: () => Promise<Entry[]>
  message: () => Promise<Message>
}

export type Threat = {
  id: string
  button: string
  /** Who does what harm, in one or two sentences. */
  what: string
  /** The numbers of the promises in docs/threats.md. */
  promises: string[]
  run: (play: Play) => Promise<Check[]>
}

/** Lets a phone ask and sign in with its link. */
export async function signIn(play: Play, phone: Phone, email: string): Promise<Message> {
  await phone.ask(email)
  const message = await play.message()
  await phone.client.redeemLink(message.link)
  return message
}

export const isToken = ({ path }: Entry): boolean => path === '/v1/token'

export const has = (entry: Entry | undefined, status: number): boolean =>
  entry?.statuses[status] !== undefined

/** How many sessions and used links the tables have. */
export const counts = ({ sessions, links }: Rows): string =>
  `${sessions.length} session${sessions.length === 1 ? '' : 's'}, ${links.filter(({ used }) => used === true).length} used link${links.length === 1 ? '' : 's'}`
