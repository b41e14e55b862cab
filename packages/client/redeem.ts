import { PENDING, type PendingRecord } from './ask.ts'
import type { ClientContext } from './context.ts'
import { LatchkeyError, type ErrorCode } from './error.ts'
import { deleteRecord, readRecord } from './records.ts'
import { askForTokens } from './refresh.ts'
import { retry } from './retry.ts'
import { describe, keepSession, readSession, type Session } from './session.ts'

const GRANT = 'urn:latchkey:grant-type:'

/**
 * Signs in with a link: its token, or any URL that has it. A second tap on the link that opened the session answers
 * with the session.
 */
export async function redeemLink(ctx: ClientContext, link: string): Promise<Session> {
  // What mail programs do to links is forgiven: the server undoes the escapes.
  const token = /tok(?:_|%5f)ml(?:_|%5f)[\w%-]+/i.exec(link)?.[0]
  if (!token) throw new LatchkeyError('invalid_request', { detail: 'there is no link in this' })
  // Its end names it well enough, and key chains are narrow.
  return redeem(ctx, token.slice(-24), ({ handle }) => ({
    grant_type: `${GRANT}link`,
    link_token: token,
    handle,
  }))
}

/** Signs in with the six digits beside the link. A server that is not well is not asked again: tries are counted. */
export async function redeemCode(ctx: ClientContext, code: string): Promise<Session> {
  const digits = code.replace(/\D/g, '')
  const grant = ({ handle }: PendingRecord) => {
    if (!handle) throw new LatchkeyError('not_asked')
    return { grant_type: `${GRANT}code`, handle, code: digits }
  }
  return redeem(ctx, digits, grant, ['offline'])
}

/** The same device gets the same session for the same link, so that a lost answer costs nothing. */
const redeem = (
  ctx: ClientContext,
  redeemed: string,
  grantOf: (pending: PendingRecord) => Record<string, unknown>,
  heals?: readonly ErrorCode[],
): Promise<Session> =>
  ctx.inTurn.signIn(async () => {
    const open = await readSession(ctx)
    if (open?.redeemed === redeemed) return describe(open)
    // Past its time by this clock it may be good by the server's.
    const pending = await readRecord<PendingRecord>(ctx, PENDING)
    if (pending === null) throw new LatchkeyError('not_asked')
    const grant = {
      ...grantOf(pending),
      code_verifier: pending.codeVerifier,
      device_id: pending.deviceId,
      device_name: ctx.deviceName,
    }
    const answer = await retry(ctx, () => askForTokens(ctx, grant), heals)
    const record = await ctx.inTurn.session(() => keepSession(ctx, answer, redeemed))
    const session = describe(record)
    ctx.changed(session)
    // Kept until here: had the session not been, the link would open it again.
    await deleteRecord(ctx, PENDING)
    return session
  })
