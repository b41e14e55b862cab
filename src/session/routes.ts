import * as z from 'zod/mini'
import { lazily } from '../base/lazily.ts'
import { toSeconds } from '../base/time.ts'
import { ofThisList, PageQuery } from '../http/list-page.ts'
import { Problem } from '../http/problem.ts'
import { readQuery } from '../http/read.ts'
import { depsOf, empty, json } from '../http/scope.ts'
import { readLiveSession, signedInRoutes, unauthorized } from '../http/session-guard.ts'
import { describeActivity, describeSession } from './describe.ts'
import { endAll, endOwn } from './end.ts'
import { liveSessions, queryActivity, querySessions } from './list.ts'

export const sessionRoutes = signedInRoutes()

const EndQuery = lazily(() => z.strictObject({ keep: z.optional(z.enum(['current'])) }))
const NoQuery = lazily(() => z.strictObject({}))

/** The current session and its user. `now` is the server's time, because a phone's clock may be wrong. */
sessionRoutes.get('/v1/session', async (c) => {
  readQuery(c, NoQuery())
  const { session } = await readLiveSession(c)
  return json(c, {
    session: describeSession(session),
    user: { id: session.userId, email: session.email },
    now: toSeconds(depsOf(c).world.now()),
  })
})

sessionRoutes.get('/v1/sessions', async (c) => {
  const deps = depsOf(c)
  const { cursor } = readQuery(c, PageQuery())
  // In parallel: no part of the page is returned before the current session is known to be live.
  const [rows, page] = await Promise.all([
    readLiveSession(c),
    querySessions(deps, c.get('asking'), cursor),
  ])
  const { rows: sessions, nextCursor } = ofThisList(page)
  return json(c, { sessions: liveSessions(deps, sessions, rows), nextCursor })
})

sessionRoutes.get('/v1/activity', async (c) => {
  const { cursor } = readQuery(c, PageQuery())
  const [{ address }, page] = await Promise.all([
    readLiveSession(c),
    queryActivity(depsOf(c), c.get('asking'), cursor),
  ])
  const { rows, nextCursor } = ofThisList(page)
  return json(c, { activity: rows.map((row) => describeActivity(row, address)), nextCursor })
})

/** Another person's session, an absent one and an ended one all get the same response. */
sessionRoutes.delete('/v1/sessions/:id', async (c) => {
  readQuery(c, NoQuery())
  const deps = depsOf(c)
  const sessionId = c.req.param('id') ?? ''
  const wellFormed = /^ses_[A-Za-z0-9_-]{22}$/.test(sessionId)
  if (!wellFormed) await readLiveSession(c)
  const ended = wellFormed ? await endOwn(deps, c.get('asking'), sessionId) : 'absent'
  if (ended === 'absent') throw new Problem('not_found')
  if (ended !== 'done') throw unauthorized(c, 'invalid_token', ended)
  const { userId } = c.get('asking')
  deps.log.event('session_ended', { outcome: 'ok', userId, sessionId })
  return empty(c, 204)
})

sessionRoutes.delete('/v1/sessions', async (c) => {
  const keep = readQuery(c, EndQuery()).keep === 'current'
  const deps = depsOf(c)
  const ended = await endAll(deps, c.get('asking'), keep)
  if (ended !== 'done') throw unauthorized(c, 'invalid_token', ended)
  const { userId } = c.get('asking')
  deps.log.event('sessions_ended', { outcome: 'ok', userId, kept: keep })
  return empty(c, 204)
})
