import { expect } from 'vitest'
import type { Caller } from '../../../src/base/caller.ts'
import { parseConfig } from '../../../src/base/config.ts'
import { TOKENS_TABLE } from '../../../src/base/tables.ts'
import { unixMs } from '../../../src/base/time.ts'
import { realWorld } from '../../../src/base/world.ts'
import {
  putRequest,
  repeatRequest,
  requestIdOf,
  requestKey,
  type AccessRequestRow,
} from '../../../src/model/access-request.ts'
import { REQUESTS_ID } from '../../../src/model/budget.ts'
import { newLinkId, newUserId, sealHandle } from '../../../src/model/sealed-link.ts'
import type { describeRequest } from '../../../src/console/requests/describe.ts'
import { send, staffedConsole, type Console, type Headers } from './console.ts'
import type { Latchkey } from './latchkey.ts'
import { sealsOf } from './seals.ts'
import { newDevice, type Device } from './sign-in.ts'

/** Both Workers, with access requests on, and a budget that other tests have not used. */
export async function requestingConsole() {
  const staff = await staffedConsole({ shared: { ACCESS_REQUESTS: 'on' } })
  await forgetRequests(staff.app)
  return staff
}

/** All tests share one table, and so the one row of the budget of all. */
export const forgetRequests = (app: Latchkey): Promise<unknown> =>
  app.db.transact({
    row: { Delete: { TableName: TOKENS_TABLE, Key: { tokenId: REQUESTS_ID } } },
  })

let networks = 0

/** A network that no other test asks from. */
export const newNetwork = (): Headers => {
  const bytes = crypto.getRandomValues(new Uint8Array(2))
  return {
    'CF-Connecting-IP': `2001:db8:${(++networks).toString(16)}:${bytes[0]! * 256 + bytes[1]!}::1`,
  }
}

export const requestRow = async (
  app: Latchkey,
  email: string,
): Promise<AccessRequestRow | undefined> =>
  app.db.get(requestKey(parseConfig(app.env), await requestIdOf(email)))

/** An unknown address asks for a link, and so to be let in. */
export async function askToBeLetIn(
  auth: Latchkey,
  email: string,
  more: Record<string, unknown> = {},
  headers: Headers = newNetwork(),
): Promise<{ device: Device; handle: string }> {
  const device = await newDevice()
  const answer = await auth.fetch('/v1/links', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ email, codeChallenge: device.codeChallenge, ...more }),
  })
  expect(answer.status, await answer.clone().text()).toBe(202)
  await auth.settle()
  return { device, handle: (await answer.json<{ handle: string }>()).handle }
}

const HOUR_MS = 3_600_000

/**
 * An address waits, as if it had asked so long ago, once or more often. It takes nothing of the budget of all, which
 * other files' tests use up.
 */
export async function putWaiting(
  app: Latchkey,
  email: string,
  asked: {
    agoMs?: number[]
    flow?: 'email' | 'sms'
    deviceName?: string
    caller?: Partial<Caller>
  } = {},
): Promise<{ device: Device; handle: string }> {
  const config = parseConfig(app.env)
  const [seals, device, requestId] = await Promise.all([
    sealsOf(app),
    newDevice(),
    requestIdOf(email),
  ])
  const { agoMs = [HOUR_MS], flow = 'email', deviceName } = asked
  const caller = { ipAddress: '192.0.2.7', userAgent: 'MobileDashboard/1.0', ...asked.caller }
  let handle = ''
  for (const [i, ago] of agoMs.entries()) {
    const createdAtMs = unixMs(Date.now() + app.clock.offsetMs - ago)
    const linkId = newLinkId(realWorld)
    const { codeChallenge } = device
    const userId = newUserId(realWorld)
    const link = { linkId, createdAtMs, flow, userId, email, codeChallenge }
    handle = await sealHandle(seals, { ...link, keyId: seals.currentKeyId })
    const ask = { email, linkId, sealedLink: handle, flow, deviceName, caller }
    if (i === 0) await app.db.transact({ row: putRequest(config, requestId, ask, createdAtMs) })
    else await app.db.update(repeatRequest(config, requestId, ask, createdAtMs))
  }
  return { device, handle }
}

export type RequestPage = {
  requests: ReturnType<typeof describeRequest>[]
  total: number
  nextCursor?: string
}

export async function readQueue(app: Console, who: Headers, query = ''): Promise<RequestPage> {
  const answer = await send(app, 'GET', `/v1/requests${query}`, who)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return answer.json()
}

export const letIn = (
  app: Console,
  who: Headers,
  email: string,
  body: object = {},
): Promise<Response> =>
  send(app, 'POST', `/v1/requests/${encodeURIComponent(email)}/approve`, who, {
    days: 30,
    reason: 'Enterprise trial',
    ...body,
  })

export const turnAway = (
  app: Console,
  who: Headers,
  email: string,
  body: object = { reason: 'Nobody knows them' },
): Promise<Response> =>
  send(app, 'POST', `/v1/requests/${encodeURIComponent(email)}/decline`, who, body)
