import type { ClientContext } from './context.ts'
import { LatchkeyError } from './error.ts'
import { callIssuer } from './fetch.ts'
import { post } from './issuer.ts'
import { retry } from './retry.ts'
import { forgetSession, readSession, type SessionRecord } from './session.ts'

/**
 * Signs out on this device at once, and then at the server.
 * @returns whether the server confirmed it. If not, this device has still deleted the tokens, and the session ends when
 * it expires.
 */
export async function signOut(ctx: ClientContext): Promise<boolean> {
  const held = await takeSession(ctx)
  if (held === null) return true
  try {
    await retry(ctx, () => post(ctx, '/v1/revoke', { token: held.refresh_token }, () => true))
    return true
  } catch (error) {
    if (error instanceof LatchkeyError) return false
    throw error
  }
}

/**
 * Ends all sessions of the person; with `keepCurrent`, all except this one.
 * @throws LatchkeyError if the server did not confirm it. This device then stays signed in.
 */
export async function signOutEverywhere(
  ctx: ClientContext,
  { keepCurrent = false }: { keepCurrent?: boolean } = {},
): Promise<void> {
  if (keepCurrent) await retry(ctx, () => callIssuer(ctx, '/v1/sessions?keep=current', 'DELETE'))
  else await endEverySession(ctx)
}

async function endEverySession(ctx: ClientContext): Promise<void> {
  let unsure = false
  await retry(ctx, async () => {
    try {
      await callIssuer(ctx, '/v1/sessions', 'DELETE')
    } catch (error) {
      const code = error instanceof LatchkeyError && error.code
      // The previous try ended the session, and its response was lost.
      if (code === 'signed_out' && unsure) return
      unsure ||= code === 'offline' || code === 'unavailable'
      throw error
    }
  })
  await takeSession(ctx)
}

/** Deletes the session from this device. @returns null if there was none. */
export const takeSession = (ctx: ClientContext): Promise<SessionRecord | null> =>
  ctx.locks.session(async () => {
    const held = await readSession(ctx)
    if (held === null) return null
    await forgetSession(ctx)
    ctx.changed(null)
    return held
  })
