import { Hono } from 'hono/tiny'
import * as z from 'zod/mini'
import { readQuery } from '../http.ts'
import { Problem } from '../problem.ts'
import { toSeconds } from '../world.ts'
import { refuse, requireSession, type CheckedEnv } from './check.ts'
import { describeSession } from './describe.ts'
import { listActivity, listSessions } from './list.ts'
import { revokeAll, revokeOne } from './revoke.ts'

export const sessionRoutes = new Hono<CheckedEnv>()

const PageQuery = z.lazy(() =>
  z.strictObject({ cursor: z.optional(z.string().check(z.maxLength(2048))) }),
)
const EndQuery = z.lazy(() => z.strictObject({ keep: z.optional(z.literal('current')) }))
const NoQuery = z.lazy(() => z.strictObject({}))

/** The current session and its user, after the rows were looked at. `now`: a phone need not trust its clock. */
sessionRoutes.get('/v1/session', requireSession, (c) => {
  readQuery(c, NoQuery)
  const { session } = c.var.checked
  return c.json({
    session: describeSession(session),
    user: { id: session.userId, email: session.email },
    now: toSeconds(c.var.deps.world.now()),
  })
})

sessionRoutes.get('/v1/sessions', requireSession, async (c) => {
  const { cursor } = readQuery(c, PageQuery)
  const { tokenId: sessionId, userId, email } = c.var.checked.session
  const page = await listSessions(c.var.deps, { sessionId, userId, email }, cursor)
  return c.json({ sessions: page.items, nextCursor: page.nextCursor })
})

sessionRoutes.get('/v1/activity', requireSession, async (c) => {
  const { cursor } = readQuery(c, PageQuery)
  const page = await listActivity(c.var.deps, c.var.checked.session, cursor)
  return c.json({ activity: page.items, nextCursor: page.nextCursor })
})

/** Another person's session, an absent one and an ended one answer alike. */
sessionRoutes.delete('/v1/sessions/:id', requireSession, async (c) => {
  readQuery(c, NoQuery)
  const { userId } = c.var.checked.session
  const sessionId = c.req.param('id')
  const ours = /^ses_[A-Za-z0-9_-]{22}$/.test(sessionId)
  const ended = ours && (await revokeOne(c.var.deps, { sessionId, userId }))
  if (!ended) throw new Problem('not_found')
  c.var.deps.log.event('session_revoked', { outcome: 'ok', userId, sessionId })
  return c.body(null, 204)
})

sessionRoutes.delete('/v1/sessions', requireSession, async (c) => {
  const { keep } = readQuery(c, EndQuery)
  const { session } = c.var.checked
  const { userId } = session
  const ended = await revokeAll(c.var.deps, userId, keep === undefined ? undefined : session)
  if (!ended) throw refuse(c, 'invalid_token', 'revoked')
  c.var.deps.log.event('sessions_revoked', { outcome: 'ok', userId, kept: keep !== undefined })
  return c.body(null, 204)
})
