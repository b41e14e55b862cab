import { forgetPending, PENDING, type PendingRecord } from './ask.ts'
import type { ClientContext } from './context.ts'
import { LatchkeyError, type ErrorCode } from './error.ts'
import { readRecord } from './records.ts'
import { requestTokens } from './refresh.ts'
import { retry } from './retry.ts'
import { describe, keepSession, readSession, type Session } from './session.ts'

const GRANT = 'urn:latchkey:grant-type:'

/**
 * Signs in with a link: its token, or any URL that contains the token. If the person taps the link of the current
 * session again, this returns that session.
 */
export async function redeemLink(ctx: ClientContext, link: string): Promise<Session> {
  // Some mail programs percent-encode the token. The server decodes it.
  const token = /tok(?:_|%5f)ml(?:_|%5f)[\w%-]+/i.exec(link)?.[0]
  if (!token) throw new LatchkeyError('invalid_request', { detail: 'this has no link in it' })
  // The last 24 characters identify a link, and keychains limit the size of a value.
  return redeem(ctx, token.slice(-24), ({ handle }) => ({
    grant_type: `${GRANT}link`,
    link_token: token,
    handle,
  }))
}

/** Signs in with the six-digit code. It is not retried, because the server counts each try. */
export async function redeemCode(ctx: ClientContext, code: string): Promise<Session> {
  const digits = code.replace(/\D/g, '')
  const grant = ({ handle }: PendingRecord) => {
    if (!handle) throw new LatchkeyError('not_asked')
    return { grant_type: `${GRANT}code`, handle, code: digits }
  }
  return redeem(ctx, digits, grant, [])
}

/**
 * The server returns the same session to the same device for the same link, so a retry after a lost response is safe.
 */
const redeem = (
  ctx: ClientContext,
  redeemed: string,
  grantOf: (pending: PendingRecord) => Record<string, unknown>,
  retryOn?: readonly ErrorCode[],
): Promise<Session> =>
  ctx.locks.signIn(async () => {
    const open = await readSession(ctx)
    if (open?.redeemed === redeemed) return describe(open)
    // This device's clock may be wrong, so only the server decides whether the link has expired.
    const pending = await readRecord<PendingRecord>(ctx, PENDING)
    if (pending === null) throw new LatchkeyError('not_asked')
    const grant = {
      ...grantOf(pending),
      code_verifier: pending.codeVerifier,
      device_id: pending.deviceId,
      device_name: ctx.deviceName,
    }
    const answer = await retry(ctx, () => requestTokens(ctx, grant), retryOn)
    const record = await ctx.locks.session(() => keepSession(ctx, answer, redeemed))
    const session = describe(record)
    ctx.changed(session)
    // Deleted last, so that the link can be redeemed again if storing the session fails.
    await forgetPending(ctx, pending)
    return session
  })
