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
 * The session with an access token that is good for a while; one refresh for all who ask at once.
 * @param refused an access token that a server did not take, however fresh it looks.
 * @returns null when nobody is signed in, or no longer.
 * @throws LatchkeyError when it could not be found out. Nothing but `invalid_grant` ends a session.
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

/** Reads anew each time: another tab, or the answer before this one, may have been faster. */
async function refresh(ctx: ClientContext, refused?: string): Promise<SessionRecord | null> {
  const held = await readSession(ctx)
  if (held === null || isFresh(ctx, held, refused)) return held
  try {
    const grant = { grant_type: 'refresh_token', refresh_token: held.refresh_token }
    return await adopt(ctx, held, await askForTokens(ctx, grant, held))
  } catch (error) {
    if (!(error instanceof LatchkeyError) || error.code !== 'invalid_grant') throw error
    return drop(ctx, held)
  }
}

/** An unbound session must not prove a key: it would not be its own. */
export function askForTokens(
  ctx: ClientContext,
  grant: Record<string, unknown>,
  held?: SessionRecord,
): Promise<Answer<TokenAnswer>> {
  const bound = held === undefined ? ctx.keys !== null : held.token_type === 'DPoP'
  if (bound && ctx.keys === null) {
    throw new LatchkeyError('key', { detail: 'the session is bound to a key, and dpop is off' })
  }
  const offset = bound ? (held ? clockOffsetMs(held) : 0) : undefined
  return post(ctx, '/v1/token', grant, isTokenAnswer, offset)
}

/** Keeps the answer, unless the session was ended or replaced here in the meantime. */
const adopt = (ctx: ClientContext, held: SessionRecord, answer: Answer<TokenAnswer>) =>
  ctx.inTurn.session(async () => {
    const now = await readSession(ctx)
    return now?.session_id === held.session_id ? keepSession(ctx, answer, held.redeemed) : now
  })

const drop = (ctx: ClientContext, held: SessionRecord) =>
  ctx.inTurn.session(async () => {
    const now = await readSession(ctx)
    if (now?.refresh_token !== held.refresh_token) return now
    await forgetSession(ctx)
    ctx.changed(null)
    return null
  })
