import type { ClientContext } from './context.ts'
import type { Answer } from './issuer.ts'
import { deleteRecord, readRecord, writeRecord } from './records.ts'

/** Who is signed in on this device. */
export type Session = { id: string; user: { id: string; email: string }; dashboardId?: string }

/** `POST /v1/token`. */
export type TokenAnswer = {
  access_token: string
  token_type: 'Bearer' | 'DPoP'
  /** Seconds, as the next one. */
  expires_in: number
  refresh_token: string
  refresh_token_expires_in: number
  session_id: string
  user: { id: string; email: string }
  dashboard_id?: string
  /** The server's clock, Unix seconds. */
  server_time: number
}

/** What is kept under `latchkey.session`; the page behind the link writes the first of it. Times in milliseconds of this device's clock. */
export type SessionRecord = TokenAnswer & {
  /** When the answer was asked for: its token is no older than that. */
  obtainedAt: number
  /** What to add to this device's clock to get the server's; never too much. */
  clockOffsetMs?: number
  /** The end of the link, or the code, that opened it: a second tap on the same link is no error. */
  redeemed?: string | undefined
}

export const clockOffsetMs = (record: SessionRecord): number =>
  record.clockOffsetMs ?? record.server_time * 1000 - record.obtainedAt

const KEY = 'latchkey.session'
/** Refreshed this early: a request that is on its way must not expire. */
const AHEAD_MS = 60_000

export const isTokenAnswer = (body: Partial<TokenAnswer>): boolean =>
  Boolean(
    body.access_token && body.refresh_token && body.session_id && body.user && body.expires_in,
  )

export const readSession = (ctx: ClientContext): Promise<SessionRecord | null> =>
  readRecord(ctx, KEY)

export async function keepSession(
  ctx: ClientContext,
  { body, sentAt, arrivedAt }: Answer<TokenAnswer>,
  redeemed: string | undefined,
): Promise<SessionRecord> {
  const record: SessionRecord = {
    ...body,
    obtainedAt: sentAt,
    clockOffsetMs: body.server_time * 1000 - arrivedAt,
    redeemed,
  }
  await writeRecord(ctx, KEY, record)
  return record
}

export const forgetSession = (ctx: ClientContext): Promise<unknown> => deleteRecord(ctx, KEY)

/** Until when the access token may be used, in milliseconds from now: below 0 also when the clock was set back. */
export function lifeLeftMs(ctx: ClientContext, session: SessionRecord): number {
  const ageMs = ctx.now() - session.obtainedAt
  return ageMs < 0 ? -1 : session.expires_in * 1000 - ageMs
}

export const isFresh = (ctx: ClientContext, session: SessionRecord, refused?: string): boolean =>
  session.access_token !== refused &&
  lifeLeftMs(ctx, session) > Math.min(AHEAD_MS, session.expires_in * 200)

export const describe = (record: SessionRecord): Session => ({
  id: record.session_id,
  user: record.user,
  ...(record.dashboard_id && { dashboardId: record.dashboard_id }),
})
