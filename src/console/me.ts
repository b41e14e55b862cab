import * as z from 'zod/mini'
import { lazily } from '../base/lazily.ts'
import { toSeconds } from '../base/time.ts'
import { readQuery } from '../http/read.ts'
import { json } from '../http/scope.ts'
import { RECENT_SECONDS, requireLiveActor, SESSION_SECONDS } from './actor.ts'
import { guardedRoutes } from './guards.ts'

export const meRoutes = guardedRoutes('actor')

const NoQuery = lazily(() => z.strictObject({}))

/** The caller, and how long the console accepts their sign-in. Times in Unix seconds. */
meRoutes.get('/v1/me', async (c) => {
  readQuery(c, NoQuery())
  await requireLiveActor(c)
  const actor = c.get('actor')
  if (actor.kind === 'machine') {
    return json(c, { kind: actor.kind, name: actor.name, scopes: actor.scopes })
  }
  const signedInAt = toSeconds(actor.asking.openedAtMs)
  return json(c, {
    kind: actor.kind,
    role: actor.role,
    email: actor.name,
    signedInAt,
    signInAgainAt: signedInAt + SESSION_SECONDS,
    recentUntil: signedInAt + RECENT_SECONDS,
  })
})
