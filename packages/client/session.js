import { deleteRecord, readRecord, writeRecord } from './records.ts'
export const clockOffsetMs = (record) =>
  record.clockOffsetMs ?? record.server_time * 1000 - record.obtainedAt
const KEY = 'latchkey.session'
/** Refreshed this early: a request that is on its way must not expire. */
const AHEAD_MS = 60000
export const isTokenAnswer = (body) =>
  Boolean(
    body.access_token && body.refresh_token && body.session_id && body.user && body.expires_in,
  )
export const readSession = (ctx) => readRecord(ctx, KEY)
export async function keepSession(ctx, { body, sentAt, arrivedAt }, redeemed) {
  const record = {
    ...body,
    obtainedAt: sentAt,
    clockOffsetMs: body.server_time * 1000 - arrivedAt,
    redeemed,
  }
  await writeRecord(ctx, KEY, record)
  return record
}
export const forgetSession = (ctx) => deleteRecord(ctx, KEY)
/** Until when the access token may be used, in milliseconds from now: below 0 also when the clock was set back. */
export function lifeLeftMs(ctx, session) {
  const ageMs = ctx.now() - session.obtainedAt
  return ageMs < 0 ? -1 : session.expires_in * 1000 - ageMs
}
export const isFresh = (ctx, session, refused) =>
  session.access_token !== refused &&
  lifeLeftMs(ctx, session) > Math.min(AHEAD_MS, session.expires_in * 200)
export const describe = (record) => ({
  id: record.session_id,
  user: record.user,
  ...(record.dashboard_id && { dashboardId: record.dashboard_id }),
})
