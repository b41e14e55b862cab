import * as z from 'zod/mini'
import { lazily } from '../base/lazily.ts'
import { toSeconds } from '../base/time.ts'
import { ofThisList, PageQuery } from '../http/list-page.ts'
import { Problem } from '../http/problem.ts'
import { networkWithinLimit, rateLimited } from '../http/rate-limit.ts'
import { callerOf, readQuery } from '../http/read.ts'
import { depsOf, empty, json, type AppContext } from '../http/scope.ts'
import {
  readLiveSession,
  signedInRoutes,
  staleSession,
  unauthorized,
} from '../http/session-guard.ts'
import { eraseAccount, RECENT_SECONDS } from './erase.ts'
import { describeAccount, queryExport } from './export.ts'

export const accountRoutes = signedInRoutes()

const NoQuery = lazily(() => z.strictObject({}))

/** Deletes the account, after a recent sign-in only. A repeat gets 204 too, as long as its access token is valid. */
accountRoutes.delete('/v1/account', async (c) => {
  readQuery(c, NoQuery())
  const { log } = depsOf(c)
  log.event('account_deleted')
  await requireWithinLimit(c)
  const asking = c.get('asking')
  const erased = await eraseAccount(depsOf(c), asking)
  const { userId } = asking
  if (erased.ok) {
    log.event('account_deleted', { outcome: erased.again ? 'again' : 'ok', userId })
    return empty(c, 204)
  }
  const { reason } = erased
  if (reason === 'busy') throw new Problem('unavailable', { headers: { 'Retry-After': '2' } })
  if (reason !== 'stale') throw unauthorized(c, 'invalid_token', reason)
  log.event('account_deleted', { outcome: 'refused', reason, userId })
  throw staleSession(RECENT_SECONDS)
})

/**
 * A page of everything that is stored about the person. It needs no recent sign-in: it changes nothing, and any session
 * reads most of it at `/v1/sessions` and `/v1/activity`.
 */
accountRoutes.get('/v1/account/export', async (c) => {
  const { cursor } = readQuery(c, PageQuery())
  await requireWithinLimit(c)
  const { log, world } = depsOf(c)
  const asking = c.get('asking')
  const [live, page] = await Promise.all([
    readLiveSession(c),
    queryExport(depsOf(c), asking, cursor),
  ])
  const { rows, nextCursor } = ofThisList(page)
  log.event('account_exported', { outcome: 'ok', userId: asking.userId, count: rows.length })
  const now = toSeconds(world.now())
  return json(c, { now, ...describeAccount(asking, live, rows), nextCursor })
})

async function requireWithinLimit(c: AppContext): Promise<void> {
  if (!(await networkWithinLimit(depsOf(c), callerOf(c)))) throw rateLimited()
}
