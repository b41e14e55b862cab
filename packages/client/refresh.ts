import type { ClientContext } from './context.ts'
import { isTransient, LatchkeyError } from './error.ts'
import { post, type Answer } from './issuer.ts'
import { retry } from './retry.ts'
import {
  clockOffsetMs,
  forgetSession,
  isFresh,
  isTokenAnswer,
  keepSession,
  lifeLeftMs,
  readSession,
  type SessionRecord,
  type TokenAnswer,
} from './session.ts'

/**
 * The stored session, refreshed if its access token is about to expire. Concurrent callers share one refresh.
 * @param refused an access token that a server answered with 401: it is refreshed even if it has not expired.
 * @returns null if nobody is signed in, or if this refresh found that the session has ended.
 * @throws LatchkeyError if the refresh failed and no valid access token is left. Only `invalid_grant` ends a session.
 */
export async function freshSession(
  ctx: ClientContext,
  refused?: string,
): Promise<SessionRecord | null> {
  const session = await readSession(ctx)
  if (session === null || isFresh(ctx, session, refused)) return session
  ctx.refreshing ??= retry(ctx, () => refresh(ctx, refused)).finally(() => {
    ctx.refreshing = undefined
  })
  try {
    return await ctx.refreshing
  } catch (error) {
    const usable = session.access_token !== refused && lifeLeftMs(ctx, session) > 0
    if (usable && isTransient(error)) return session
    throw error
  }
}

/** Reads the session again, because another tab or an earlier attempt may already have refreshed it. */
async function refresh(ctx: ClientContext, refused?: string): Promise<SessionRecord | null> {
  const held = await readSession(ctx)
  if (held === null || isFresh(ctx, held, refused)) return held
  try {
    const grant = { grant_type: 'refresh_token', refresh_token: held.refresh_token }
    return await adopt(ctx, held, await requestTokens(ctx, grant, held))
  } catch (error) {
    if (!(error instanceof LatchkeyError) || error.code !== 'invalid_grant') throw error
    return drop(ctx, held)
  }
}

/**
 * Calls `POST /v1/token`. A session that was opened without a key is refreshed without a proof. A response for another
 * session than the refreshed one does not come from the issuer: a cache has mixed up two people.
 */
export function requestTokens(
  ctx: ClientContext,
  grant: Record<string, unknown>,
  held?: SessionRecord,
): Promise<Answer<TokenAnswer>> {
  const bound = held === undefined ? ctx.keys !== null : held.token_type === 'DPoP'
  if (bound && ctx.keys === null) {
    throw new LatchkeyError('key', { detail: 'the session is bound to a key, and dpop is off' })
  }
  const offset = bound ? (held ? clockOffsetMs(held) : 0) : undefined
  const isOurs = (body: Partial<TokenAnswer>) =>
    isTokenAnswer(body) && (!held || body.session_id === held.session_id)
  return post(ctx, '/v1/token', grant, isOurs, offset)
}

/**
 * Stores the response, unless the session was ended, replaced, or refreshed by another process in the meantime. An older
 * session JWT must not replace a newer one, because the server would take it for a copy.
 */
const adopt = (ctx: ClientContext, held: SessionRecord, answer: Answer<TokenAnswer>) =>
  ctx.locks.session(async () => {
    const now = await readSession(ctx)
    return now?.refresh_token === held.refresh_token ? keepSession(ctx, answer, held.redeemed) : now
  })

const drop = (ctx: ClientContext, held: SessionRecord) =>
  ctx.locks.session(async () => {
    const now = await readSession(ctx)
    if (now?.refresh_token !== held.refresh_token) return now
    await forgetSession(ctx)
    ctx.changed(null)
    return null
  })
