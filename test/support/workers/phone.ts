import { createLatchkeyClient, type LatchkeyClient } from '../../../packages/client/client.ts'
import type { ClientOptions } from '../../../packages/client/context.ts'
import type { Session } from '../../../packages/client/session.ts'
import type { LatchkeyStorage } from '../../../packages/client/storage.ts'
import { TOKENS_TABLE, USER_INDEX } from '../../../src/base/tables.ts'
import type { Item } from '../../../src/dynamo/items.ts'
import { network, type Network } from './flaky-network.ts'
import { messagesTo, type Latchkey, type Mail } from './latchkey.ts'

/** A phone with the app on it: its storage outlives the app's restarts, its clock may be wrong. */
export type Phone = {
  client: LatchkeyClient
  items: Map<string, string>
  network: Network
  clock: { skewMs: number }
  /** What the app was told, in order. */
  heard: (Session | null)[]
  /** The app anew, on the same storage. */
  restart: (options?: Partial<ClientOptions>) => LatchkeyClient
}

export const mapStorage = (items: Map<string, string>): LatchkeyStorage => ({
  get: async (key) => items.get(key),
  set: async (key, value) => items.set(key, value),
  delete: async (key) => items.delete(key),
})

export function newPhone(app: Latchkey, options: Partial<ClientOptions> = {}): Phone {
  const items = new Map<string, string>()
  const between = network(app)
  const clock = { skewMs: 0 }
  const heard: (Session | null)[] = []
  const restart = (more: Partial<ClientOptions> = {}) => {
    phone.client = createLatchkeyClient({
      issuer: 'https://auth.latchkey.test',
      storage: mapStorage(items),
      fetch: between.fetch,
      now: () => Date.now() + app.clock.offsetMs + clock.skewMs,
      sleep: async () => {},
      ...options,
      ...more,
    })
    phone.client.onChange((session) => heard.push(session))
    return phone.client
  }
  const phone: Phone = { client: null!, items, network: between, clock, heard, restart }
  restart()
  return phone
}

export async function mailTo(app: Latchkey, email: string): Promise<Mail> {
  await app.settle()
  const [mail] = await messagesTo(email)
  if (mail === undefined) throw new Error('no mail came')
  return mail
}

/** A whole sign-in by link. */
export async function signInOn(app: Latchkey, phone: Phone, email: string): Promise<Session> {
  await phone.client.ask({ email })
  return phone.client.redeemLink((await mailTo(app, email)).link)
}

/** The person's session rows as the table has them. */
export async function sessionRows(app: Latchkey, userId: string): Promise<Item[]> {
  await app.settle()
  const { rows } = await app.db.query<Item>({
    TableName: TOKENS_TABLE,
    IndexName: USER_INDEX,
    KeyConditionExpression: 'userId = :userId AND tokenType = :type',
    ExpressionAttributeValues: { ':userId': userId, ':type': 'session' },
  })
  return rows
}
