import type { ClientContext } from './context.ts'
import { LatchkeyError } from './error.ts'
import { askIssuer } from './fetch.ts'
import { post } from './issuer.ts'
import { retry } from './retry.ts'
import { forgetSession, readSession, type SessionRecord } from './session.ts'

/**
 * Signs out here at once, whatever the network does, and then at the server.
 * @returns whether the server confirmed it. If not, nobody holds the session's tokens any more, and it will run out.
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
 * Ends all sessions of the person, or all but this one.
 * @throws LatchkeyError when it is not sure that they ended: then this one is still here too.
 */
export async function signOutEverywhere(
  ctx: ClientContext,
  { keepCurrent = false }: { keepCurrent?: boolean } = {},
): Promise<void> {
  let unsure = false
  await retry(ctx, async () => {
    try {
      await askIssuer(ctx, `/v1/sessions${keepCurrent ? '?keep=current' : ''}`, 'DELETE')
    } catch (error) {
      const code = error instanceof LatchkeyError && error.code
      // The answer of the try before was lost, and this is what it did.
      if (code === 'signed_out' && unsure && !keepCurrent) return
      unsure ||= code === 'offline' || code === 'unavailable'
      throw error
    }
  })
  if (!keepCurrent) await takeSession(ctx)
}

/** Takes the session off this device. */
const takeSession = (ctx: ClientContext): Promise<SessionRecord | null> =>
  ctx.inTurn.session(async () => {
    const held = await readSession(ctx)
    if (held === null) return null
    await forgetSession(ctx)
    ctx.changed(null)
    return held
  })
