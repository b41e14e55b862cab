import { describe, expect, it } from 'vitest'
import {
  BY_SESSIONS,
  FLOWS,
  MEASURED_SESSIONS,
  ROWS,
  type FlowName,
} from '../scripts/cost/flows.ts'
import { itemBytes } from '../scripts/cost/units.ts'
import { toAttributes, type Item } from '../src/dynamo/items.ts'
import { APPROVALS_TABLE } from '../src/base/tables.ts'
import { approve } from './support/workers/approvals.ts'
import { reportCapacity, startMeasured, sumOf } from './support/workers/capacity.ts'
import { newEmail, type Latchkey } from './support/workers/latchkey.ts'
import { addressOf, linksOf, manySessions } from './support/workers/rows.ts'
import {
  ask,
  askForLink,
  newDevice,
  postJson,
  redeem,
  redeemCode,
  signIn,
  withToken,
} from './support/workers/sign-in.ts'
import { IS_LONG } from './support/workers/size.ts'
import { check, introspect, refresh, revoke, rowOf, signInAgain } from './support/workers/tokens.ts'

/** Prepares a flow. @returns the request to measure. */
type Prepare = (app: Latchkey) => Promise<() => Promise<Response>>

/** A request with the access token of a person who has just signed in. */
const signedIn =
  (path: string, method = 'GET'): Prepare =>
  async (app) => {
    const { access_token } = await signIn(app)
    return () => withToken(app, access_token, path, { method })
  }

const PREPARE: Record<FlowName, Prepare> = {
  ask: async (app) => {
    const device = await newDevice()
    return () => ask(app, newEmail(), device)
  },
  askUnknown: async (app) => {
    const device = await newDevice()
    return () => ask(app, newEmail('example.org'), device)
  },
  askSms: async (app) => {
    const email = newEmail('example.com')
    const phoneNumber = `+1415555${String(Math.floor(Math.random() * 1e6)).padStart(6, '0')}`
    await approve(app, email, { phoneNumber })
    const device = await newDevice()
    return () => ask(app, email, device, { channel: 'sms', phoneNumber })
  },
  resend: async (app) => {
    const { handle } = await askForLink(app, await newDevice())
    app.clock.offsetMs += 60_000
    return () => postJson(app, '/v1/links/resend', { handle })
  },
  linkPage: async (app) => {
    const { linkToken } = await askForLink(app, await newDevice())
    return () => app.fetch(`/link/${linkToken}`)
  },
  redeemLink: async (app) => {
    const device = await newDevice()
    const { linkToken } = await askForLink(app, device)
    return () => redeem(app, linkToken, device)
  },
  redeemCode: async (app) => {
    const device = await newDevice()
    const asked = await askForLink(app, device)
    return () => redeemCode(app, asked, asked.code, device)
  },
  wrongCode: async (app) => {
    const device = await newDevice()
    const asked = await askForLink(app, device)
    return () => redeemCode(app, asked, asked.code === '000000' ? '000001' : '000000', device)
  },
  check: async (app) => {
    const { access_token } = await signIn(app)
    return () => check(app, access_token)
  },
  refresh: async (app) => {
    const { refresh_token } = await signIn(app)
    return () => refresh(app, refresh_token)
  },
  introspect: async (app) => {
    const { access_token } = await signIn(app)
    return () => introspect(app, access_token)
  },
  list: signedIn('/v1/sessions'),
  activity: signedIn('/v1/activity'),
  revoke: async (app) => {
    const { refresh_token } = await signIn(app)
    return () => revoke(app, refresh_token)
  },
  endOne: async (app) => {
    const mine = await signIn(app)
    const other = await signInAgain(app, mine.user)
    const path = `/v1/sessions/${other.session_id}`
    return () => withToken(app, mine.access_token, path, { method: 'DELETE' })
  },
  endAll: signedIn('/v1/sessions', 'DELETE'),
  exportAccount: signedIn('/v1/account/export'),
  erase: signedIn('/v1/account', 'DELETE'),
}

describe('capacity units', () => {
  it.each(Object.keys(FLOWS) as FlowName[])('%s consumes what docs/cost.md says', async (name) => {
    const { app, byOperation } = startMeasured()
    const request = await PREPARE[name](app)
    let status = 0
    const units = await byOperation(async () => {
      status = (await request()).status
    })
    expect(status).toBeLessThan(name === 'wrongCode' ? 401 : 300)
    const { read, write } = FLOWS[name]
    expect(sumOf(units), JSON.stringify(units)).toEqual({ read, write })
  })

  it.each(BY_SESSIONS.filter(({ sessions }) => IS_LONG || sessions <= MEASURED_SESSIONS))(
    'with $sessions sessions, listing costs no more than a page, and ending costs 6 write units for each',
    { tags: 'long', timeout: 120_000 },
    async ({ sessions, list, endAll }) => {
      const { app, byOperation } = startMeasured()
      const tokens = await signIn(app)
      await manySessions(app, tokens.session_id, sessions - 1)
      const request = (method: string) => () =>
        withToken(app, tokens.access_token, '/v1/sessions', { method })
      expect(sumOf(await byOperation(request('GET')))).toEqual(list)
      if (sessions > MEASURED_SESSIONS) return
      expect(sumOf(await byOperation(request('DELETE')))).toEqual(endAll)
    },
  )

  it('are what DynamoDB Local reports, but for the index writes of a transaction', async () => {
    const { app, byOperation } = startMeasured()
    const email = newEmail('example.org')
    await approve(app, email)
    await reportCapacity(app)
    const units = await byOperation(async () => {
      const { access_token, refresh_token } = await signIn(app, undefined, email)
      await withToken(app, access_token, '/v1/sessions')
      await refresh(app, refresh_token)
    })
    const reported: Record<string, number> = {}
    for (const { operation, capacity } of await app.calls()) {
      for (const { CapacityUnits, GlobalSecondaryIndexes: indexes } of capacity!) {
        const ofIndexes = Object.values(indexes ?? {}).reduce(
          (sum, one) => sum + one.CapacityUnits,
          0,
        )
        // DynamoDB Local doubles these too. DynamoDB itself writes an index after the transaction.
        const tooMuch = operation === 'TransactWriteItems' ? ofIndexes / 2 : 0
        reported[operation] = (reported[operation] ?? 0) + CapacityUnits - tooMuch
      }
    }
    const ours = Object.entries(units).map(([name, { read, write }]) => [name, read + write])
    expect(reported).toEqual(Object.fromEntries(ours))
    expect(Object.keys(reported)).toHaveLength(5)
  })

  it('has rows of the sizes that docs/cost.md says', async () => {
    const { app } = startMeasured()
    const email = newEmail('example.org')
    await approve(app, email)
    const { session_id } = await signIn(app, undefined, email)
    const rows = {
      link: (await linksOf(app, email))[0],
      session: await rowOf(app, session_id),
      address: await addressOf(app, email),
      approval: await app.db.get<Item>({ TableName: APPROVALS_TABLE, Key: { email } }),
    }
    for (const [name, row] of Object.entries(rows)) {
      const { bytes } = ROWS[name as keyof typeof ROWS]
      const measured = itemBytes(toAttributes(row as Item))
      // Addresses have different lengths, and a number that ends in zeros is smaller.
      expect(Math.abs(measured - bytes), `${name}: ${measured}`).toBeLessThanOrEqual(20)
    }
  })
})
