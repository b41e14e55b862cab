import type { Context } from 'hono'
import { verifyAccessToken, type AccessTokenClaims } from '../crypto/access-token.ts'
import { DPOP_ALGORITHMS } from '../crypto/dpop.ts'
import { unixMs, type UnixMs } from '../base/time.ts'
import {
  judgeSession,
  readSessionRows,
  type AskingSession,
  type SessionRefusal,
  type SessionRows,
} from '../model/live-session.ts'
import type { SessionRow } from '../model/session.ts'
import { Problem } from './problem.ts'
import { readProof } from './proof.ts'
import { RouteGroup } from './route-group.ts'
import { depsOf, showTiming, type AppContext, type AppEnv } from './scope.ts'

export type SignedInEnv = AppEnv & { Variables: { asking: AskingSession } }
export type SignedInContext = Pick<Context<SignedInEnv>, 'req' | 'get' | 'env'>

/**
 * Routes for a signed-in person. The guard checks the signature and the proof of the access token, and gives the
 * handler the caller's session as `c.get('asking')`. It does not check that the session is still live. Each handler
 * does that, with readLiveSession or with the conditions of its write, in the same round trip as its work.
 */
export const signedInRoutes = (): RouteGroup<SignedInEnv> =>
  new RouteGroup<SignedInEnv>('session', 'problem', async (c, next) => {
    c.set('asking', await authenticate(c))
    showTiming(c)
    await next()
  })

/** The session that the access token names. It checks signature and proof, and reads no rows. @throws Problem 401. */
export async function authenticate(c: AppContext): Promise<AskingSession> {
  const { token, claims } = await presentedToken(c)
  if (claims.cnf !== undefined) await requireProof(c, token, claims.cnf.jkt)
  return {
    sessionId: claims.sid,
    userId: claims.sub,
    email: claims.email,
    deviceKey: claims.device_key,
    openedAtMs: unixMs(claims.opened_ms),
  }
}

/** The rows of the caller's session, in one consistent read. @throws Problem 401 if it is not live. */
export async function readLiveSession(
  c: SignedInContext,
): Promise<SessionRows & { session: SessionRow }> {
  const { config, db, world } = depsOf(c)
  const asking = c.get('asking')
  const rows = await readSessionRows(db, config, asking)
  const verdict = judgeSession(config, rows, asking, world.now())
  if (!verdict.ok) throw unauthorized(c, 'invalid_token', verdict.reason)
  return { ...rows, session: verdict.session }
}

async function presentedToken(
  c: AppContext,
): Promise<{ token: string; claims: AccessTokenClaims }> {
  const { config, keys, world } = depsOf(c)
  const header = c.req.header('Authorization')
  if (header === undefined) throw unauthorized(c)
  // The b64token of RFC 6750 section 2.1. Two headers arrive joined by a comma, and do not match.
  const match = /^(Bearer|DPoP) +([A-Za-z0-9._~+/-]+=*)$/i.exec(header)
  const token = match?.[2]
  const claims = token && (await verifyAccessToken(config, keys, token, world.now()))
  if (!token || !claims) throw unauthorized(c, 'invalid_token')
  // A bound token needs its proof (RFC 9449 section 7.1), and an unbound token must not be sent as `DPoP`.
  const bound = claims.cnf !== undefined
  if (bound !== (match[1]!.toLowerCase() === 'dpop')) throw unauthorized(c, 'invalid_token')
  return { token, claims }
}

async function requireProof(c: AppContext, token: string, jkt: string): Promise<void> {
  const proof = await readProof(c, token)
  if (!proof.ok && proof.code === 'use_dpop_nonce') throw unauthorized(c, 'use_dpop_nonce')
  if (!proof.ok || proof.jkt !== jkt) throw unauthorized(c, 'invalid_dpop_proof')
}

/** 401 with the challenges of RFC 6750 section 3 and RFC 9449 section 7.1. */
export function unauthorized(c: AppContext, error?: string, reason?: SessionRefusal): Problem {
  depsOf(c).log.event('request', { outcome: 'unauthorized', reason: reason ?? error })
  const parameters = error === undefined ? [] : [`error="${error}"`]
  return new Problem('unauthorized', { headers: challenge(parameters, error?.includes('dpop')) })
}

/** Whether a sign-in is at most this many seconds old. */
export const isSignedInWithin = (openedAtMs: UnixMs, seconds: number, nowMs: UnixMs): boolean =>
  nowMs - openedAtMs <= seconds * 1000

/** 401 for a sign-in that is too old: the challenge says how old it may be (RFC 9470 section 3). */
export const staleSession = (maxAgeSeconds: number): Problem =>
  new Problem('stale_session', {
    detail: `Sign in again. This action requires a sign-in within the last ${maxAgeSeconds} seconds.`,
    headers: challenge(['error="insufficient_user_authentication"', `max_age="${maxAgeSeconds}"`]),
  })

function challenge(parameters: readonly string[], dpopOnly = false): Record<string, string> {
  const bearer = `Bearer ${parameters.join(', ')}`.trim()
  const dpop = `DPoP ${[...parameters, `algs="${DPOP_ALGORITHMS.join(' ')}"`].join(', ')}`
  return { 'WWW-Authenticate': dpopOnly ? dpop : `${bearer}, ${dpop}` }
}
