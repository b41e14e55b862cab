import type { ClientContext } from './context.ts'
import type { Answer } from './issuer.ts'
import { deleteRecord, readRecord, writeRecord } from './records.ts'

/** The session on this device. */
export type Session = { id: string; user: { id: string; email: string }; dashboardId?: string }

/** The response of `POST /v1/token`. */
export type TokenAnswer = {
  access_token: string
  token_type: 'Bearer' | 'DPoP'
  /** Seconds. */
  expires_in: number
  refresh_token: string
  /** Seconds. */
  refresh_token_expires_in: number
  session_id: string
  user: { id: string; email: string }
  dashboard_id?: string
  /** Unix seconds by the server's clock. */
  server_time: number
}

/** Stored as `latchkey.session`. The page behind the link also writes one, without the optional members. */
export type SessionRecord = TokenAnswer & {
  /** Unix milliseconds by this device's clock, when the request was sent: the token is not older than that. */
  obtainedAt: number
  /** The server's time minus this device's time, measured when the response arrived, so it is never too large. */
  clockOffsetMs?: number
  /** The code, or the end of the link, that opened the session. A second tap on that link is then not an error. */
  redeemed?: string | undefined
}

export const clockOffsetMs = (record: SessionRecord): number =>
  record.clockOffsetMs ?? record.server_time * 1000 - record.obtainedAt

const KEY = 'latchkey.session'
/** A token is refreshed this early, so that it does not expire during a request. */
const REFRESH_AHEAD_MS = 60_000

const TEXTS = ['access_token', 'token_type', 'refresh_token', 'session_id'] as const

/** Whether the response has all members that the client uses. */
export const isTokenAnswer = (body: Partial<TokenAnswer>): boolean =>
  TEXTS.every((name) => body[name] && typeof body[name] === 'string') &&
  Boolean(body.user?.id && body.user.email) &&
  Number(body.expires_in) > 0 &&
  Number(body.server_time) > 0

export const readSession = (ctx: ClientContext): Promise<SessionRecord | null> =>
  readRecord(ctx, KEY)

export async function keepSession(
  ctx: ClientContext,
  { body, sentAt, arrivedAt }: Answer<TokenAnswer>,
  redeemed: string | undefined,
): Promise<SessionRecord> {
  const record: SessionRecord = {
    ...known(body),
    obtainedAt: sentAt,
    clockOffsetMs: body.server_time * 1000 - arrivedAt,
    redeemed,
  }
  await writeRecord(ctx, KEY, record)
  return record
}

/** Keychains limit the size of a value, so unknown members are not stored. */
const known = (body: TokenAnswer): TokenAnswer => ({
  access_token: body.access_token,
  token_type: body.token_type,
  expires_in: body.expires_in,
  refresh_token: body.refresh_token,
  refresh_token_expires_in: body.refresh_token_expires_in,
  session_id: body.session_id,
  user: { id: body.user.id, email: body.user.email },
  ...(body.dashboard_id && { dashboard_id: body.dashboard_id }),
  server_time: body.server_time,
})

export const forgetSession = (ctx: ClientContext): Promise<unknown> => deleteRecord(ctx, KEY)

/**
 * How long the access token is still valid, in milliseconds. Negative if it has expired, or if the clock was set
 * back.
 */
export function lifeLeftMs(ctx: ClientContext, session: SessionRecord): number {
  const ageMs = ctx.now() - session.obtainedAt
  return ageMs < 0 ? -1 : session.expires_in * 1000 - ageMs
}

export const isFresh = (ctx: ClientContext, session: SessionRecord, refused?: string): boolean =>
  session.access_token !== refused &&
  lifeLeftMs(ctx, session) > Math.min(REFRESH_AHEAD_MS, session.expires_in * 200)

export const describe = (record: SessionRecord): Session => ({
  id: record.session_id,
  user: record.user,
  ...(record.dashboard_id && { dashboardId: record.dashboard_id }),
})
