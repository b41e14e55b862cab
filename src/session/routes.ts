import { Hono } from 'hono/tiny'
import * as z from 'zod/mini'
import { readQuery, type AppEnv } from '../http/read.ts'
import { Problem } from '../http/problem.ts'
import { toSeconds } from '../base/world.ts'
import { authenticate, readLive, refuse } from './authenticate.ts'
import { describeSession } from './describe.ts'
import { describeActivity, liveSessions, queryActivity, querySessions } from './list.ts'
import { revokeAll, revokeOwn } from './end.ts'

export const sessionRoutes = new Hono<AppEnv>()

const PageQuery = z.lazy(() =>
  z.strictObject({ cursor: z.optional(z.string().check(z.maxLength(2048))) }),
)
const EndQuery = z.lazy(() => z.strictObject({ keep: z.optional(z.literal('current')) }))
const NoQuery = z.lazy(() => z.strictObject({}))

/** The current session and its user, after the rows were looked at. `now`: a phone need not trust its clock. */
sessionRoutes.get('/v1/session', async (c) => {
  const asking = await authenticate(c)
  readQuery(c, NoQuery)
  const { session } = await readLive(c, asking)
  return c.json({
    session: describeSession(session),
    user: { id: session.userId, email: session.email },
    now: toSeconds(c.var.deps.world.now()),
  })
})

sessionRoutes.get('/v1/sessions', async (c) => {
  const asking = await authenticate(c)
  const { cursor } = readQuery(c, PageQuery)
  // Side by side: nothing of the page is shown before the session was found to live.
  const [live, page] = await Promise.all([
    readLive(c, asking),
    querySessions(c.var.deps, asking, cursor),
  ])
  const sessions = liveSessions(c.var.deps, page.items, live)
  return c.json({ sessions, nextCursor: page.nextCursor })
})

sessionRoutes.get('/v1/activity', async (c) => {
  const asking = await authenticate(c)
  const { cursor } = readQuery(c, PageQuery)
  const [, page] = await Promise.all([
    readLive(c, asking),
    queryActivity(c.var.deps, asking, cursor),
  ])
  return c.json({ activity: page.items.map(describeActivity), nextCursor: page.nextCursor })
})

/** Another person's session, an absent one and an ended one answer alike. */
sessionRoutes.delete('/v1/sessions/:id', async (c) => {
  const asking = await authenticate(c)
  readQuery(c, NoQuery)
  const sessionId = c.req.param('id')
  const { userId } = asking
  const ours = /^ses_[A-Za-z0-9_-]{22}$/.test(sessionId)
  if (!ours) await readLive(c, asking)
  const ended = ours ? await revokeOwn(c.var.deps, asking, sessionId) : 'absent'
  if (ended === 'refused') throw refuse(c, 'invalid_token', 'revoked')
  if (ended === 'absent') throw new Problem('not_found')
  c.var.deps.log.event('session_revoked', { outcome: 'ok', userId, sessionId })
  return c.body(null, 204)
})

sessionRoutes.delete('/v1/sessions', async (c) => {
  const asking = await authenticate(c)
  const keep = readQuery(c, EndQuery).keep === 'current'
  const ended = await revokeAll(c.var.deps, asking, keep)
  if (ended !== 'done') throw refuse(c, 'invalid_token', 'revoked')
  c.var.deps.log.event('sessions_revoked', { outcome: 'ok', userId: asking.userId, kept: keep })
  return c.body(null, 204)
})
