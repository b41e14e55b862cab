import { Problem } from '../http/problem.ts'
import { RouteGroup, type ConsoleGuard, type ErrorFormat } from '../http/route-group.ts'
import {
  authenticate,
  isSignedInWithin,
  staleSession,
  unauthorized,
} from '../http/session-guard.ts'
import { showTiming, type AppContext } from '../http/scope.ts'
import type { AskingSession } from '../model/live-session.ts'
import { actorFields, roleOf, SESSION_SECONDS, type Actor } from './actor.ts'
import { consoleDepsOf, type ConsoleContext, type ConsoleEnv } from './deps.ts'
import { readMachineToken } from './machine-token.ts'
import { consoleProblem } from './problem.ts'
import { readCookie } from './session-cookie.ts'

/**
 * Who passes each guard:
 * - `actor`: anyone with a role, and any machine with a key.
 * - `approver`: approvers and administrators.
 * - `admin`: administrators.
 * - `approvals:read`, `approvals:write`: approvers, administrators, and machines with that scope. Which approvals an
 *   approver may change is decided together with the change itself (model/approval-rules.ts).
 * - `people:read`, `people:write`: administrators, and machines with that scope.
 */
const PASSES: Record<ConsoleGuard, (actor: Actor) => boolean> = {
  actor: () => true,
  approver: (actor) => actor.kind === 'person',
  admin: (actor) => actor.kind === 'person' && actor.role === 'admin',
  'approvals:read': (actor) => actor.kind === 'person' || actor.scopes.includes('approvals:read'),
  'approvals:write': (actor) => actor.kind === 'person' || actor.scopes.includes('approvals:write'),
  'people:read': (actor) =>
    actor.kind === 'person' ? actor.role === 'admin' : actor.scopes.includes('people:read'),
  'people:write': (actor) =>
    actor.kind === 'person' ? actor.role === 'admin' : actor.scopes.includes('people:write'),
}

/**
 * Console routes with one guard. The guard checks the caller's signature and role and the age of the sign-in, and
 * gives the handler `c.get('actor')`. It does not read the session's rows. Each handler must do that, with
 * requireLiveActor or liveActorParts, in the same round trip as its own work.
 */
export const guardedRoutes = (
  guard: ConsoleGuard,
  errors: ErrorFormat = 'problem',
): RouteGroup<ConsoleEnv> =>
  new RouteGroup<ConsoleEnv>(guard, errors, async (c, next) => {
    const actor = await whoAsks(c)
    showTiming(c)
    consoleDepsOf(c).log.event('request', actorFields(actor))
    // Before the check: the page that refuses has the caller's menu.
    c.set('actor', actor)
    if (!PASSES[guard](actor)) throw forbidden(c)
    await next()
  })

/** Pages that anyone may see; each says why in its docstring. A form is only accepted from a page of this origin. */
export const openPages = (): RouteGroup =>
  new RouteGroup('anyone', 'page', async (c, next) => {
    requireOwnPage(c)
    await next()
  })

/**
 * A Bearer token is a machine's. A person's access token must be bound to a key (DPoP): an app sends its tokens to its
 * own back end, which could use an unbound one here.
 * @throws Problem 401 without valid credentials or when the sign-in is too old; 403 for a person without a role.
 */
async function whoAsks(c: ConsoleContext): Promise<Actor> {
  const deps = consoleDepsOf(c)
  const bearer = /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
  if (bearer !== undefined) {
    const machine = await readMachineToken(deps, bearer)
    if (machine === null) throw unauthorized(c, 'invalid_token')
    return machine
  }
  const asking = await askingSession(c)
  const { email, openedAtMs, userId } = asking
  const role = roleOf(deps.config, email)
  if (role === null) {
    deps.log.event('request', { userId })
    throw forbidden(c)
  }
  if (!isSignedInWithin(openedAtMs, SESSION_SECONDS, deps.world.now())) {
    throw staleSession(SESSION_SECONDS)
  }
  return { kind: 'person', role, name: email, asking }
}

/** If a request has both, the token is used and the cookie is ignored. */
async function askingSession(c: ConsoleContext): Promise<AskingSession> {
  if (c.req.header('Authorization') !== undefined) return authenticate(c)
  const asking = await readCookie(c)
  if (asking === null) throw unauthorized(c)
  requireOwnPage(c)
  return asking
}

/**
 * A browser adds its cookie to every request. `SameSite=Strict` stops requests from other sites. This check stops
 * requests from other origins on the same site: only a page of the console's own origin may change anything. A page
 * with `Referrer-Policy: no-referrer` posts its forms with `Origin: null`, so the console's pages must use
 * `same-origin`.
 */
export function requireOwnPage(c: AppContext): void {
  const { method } = c.req
  if (method === 'GET' || method === 'HEAD') return
  const { origin } = consoleDepsOf(c)
  if (c.req.header('Origin') !== origin) throw new Problem('origin_not_allowed')
}

function forbidden(c: ConsoleContext): Problem {
  consoleDepsOf(c).log.event('request', { outcome: 'forbidden' })
  return consoleProblem('forbidden')
}
