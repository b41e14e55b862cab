import type { ClientContext } from './context.ts'
import { base64url, utf8 } from './encoding.ts'
import { LatchkeyError } from './error.ts'
import { post } from './issuer.ts'
import { deleteRecord, readRecord, writeRecord } from './records.ts'

export type AskOptions = {
  email: string
  channel?: 'email' | 'sms'
  phoneNumber?: string
  dashboardId?: string
  /** BCP 47: `de-CH`. */
  locale?: string
  /** From the bot check, if the server requires one. Only in browsers. */
  turnstileToken?: string
  /** A path on the issuer's origin. The page behind the link opens it after the sign-in. */
  returnTo?: string
}

/**
 * Stored as `latchkey.pending`; the page behind the link reads it too. The server's response adds `handle`,
 * `resendAt` and `expiresAt`.
 */
export type PendingRecord = {
  /** RFC 7636. With it and the link anyone can sign in, so it is a secret. */
  codeVerifier: string
  deviceId: string
  email: string
  returnTo?: string | undefined
  handle?: string
  /** Unix milliseconds by this device's clock. */
  resendAt?: number
  /** Unix milliseconds by this device's clock. */
  expiresAt?: number
  /** Unix milliseconds by this device's clock. Only if the server accepts access requests. */
  requestUntil?: number
}

/**
 * Times in Unix milliseconds, by this device's clock.
 * - `asked`: the link has not expired.
 * - `requested`: the link has expired. If the address needs an approval, an access request waits for an
 *   administrator, and until `requestUntil` the person may receive a new link. The server's response is the same for
 *   every address, because it must not reveal who is approved. So mention both cases to the person: the message may
 *   be in the spam folder, or someone must approve the address first.
 */
export type Pending = {
  state: 'asked' | 'requested'
  email: string
  resendAt?: number | undefined
  expiresAt?: number | undefined
  requestUntil?: number | undefined
}

export const PENDING = 'latchkey.pending'
const DEVICE = 'latchkey.device'

/**
 * Asks the server to send a link and a code. The client stores the verifier before it sends the request, so the link
 * works even if the response is lost. Another ask for the same address uses the same verifier, so the links of all
 * its messages work. The client does not retry this, because each request may send a message.
 */
export async function ask(ctx: ClientContext, options: AskOptions): Promise<Pending> {
  const { returnTo, ...request } = options
  const record = await ctx.locks.pending(() => newRecord(ctx, options.email, returnTo))
  const codeChallenge = base64url(await ctx.crypto.sha256(utf8(record.codeVerifier)))
  return send(ctx, '/v1/links', { ...request, codeChallenge, deviceName: ctx.deviceName }, record)
}

/** Sends the same link and code again. */
export async function resend(ctx: ClientContext): Promise<Pending> {
  const record = await pending(ctx)
  if (!record?.handle) throw new LatchkeyError('not_asked')
  return send(ctx, '/v1/links/resend', { handle: record.handle }, record)
}

/**
 * @returns the pending request, or null if there is none, or if both its link and its access request have expired.
 */
export async function pending(ctx: ClientContext): Promise<PendingRecord | null> {
  const record = await readRecord<PendingRecord>(ctx, PENDING)
  return record && isOver(ctx, record.expiresAt) && isOver(ctx, record.requestUntil ?? 0)
    ? null
    : record
}

const isOver = (ctx: ClientContext, moment: number | undefined): boolean =>
  moment !== undefined && moment <= ctx.now()

export const describePending = (
  ctx: ClientContext,
  { email, resendAt, expiresAt, requestUntil }: PendingRecord,
): Pending => ({
  state: isOver(ctx, expiresAt) ? 'requested' : 'asked',
  email,
  resendAt,
  expiresAt,
  requestUntil,
})

type Sent = { handle?: string; expiresIn: number; resendAfter: number; requestExpiresIn?: number }

async function send(
  ctx: ClientContext,
  path: string,
  request: Record<string, unknown>,
  record: PendingRecord,
): Promise<Pending> {
  const { body, sentAt } = await post<Sent>(ctx, path, request, (sent) =>
    Boolean(sent.expiresIn && sent.resendAfter),
  )
  const asked: PendingRecord = {
    ...record,
    ...(body.handle && { handle: body.handle }),
    resendAt: sentAt + body.resendAfter * 1000,
    expiresAt: sentAt + body.expiresIn * 1000,
    ...(body.requestExpiresIn && { requestUntil: sentAt + body.requestExpiresIn * 1000 }),
  }
  await ctx.locks.pending(async () => {
    // Before this response arrived, the person may have signed in or asked for another address.
    if (await isPending(ctx, record)) await writeRecord(ctx, PENDING, asked)
  })
  return describePending(ctx, asked)
}

async function newRecord(
  ctx: ClientContext,
  email: string,
  returnTo: string | undefined,
): Promise<PendingRecord> {
  const before = await pending(ctx)
  const known =
    before?.email === email
      ? before
      : { codeVerifier: random(ctx), deviceId: await deviceId(ctx), email }
  const record = { ...known, returnTo }
  await writeRecord(ctx, PENDING, record)
  return record
}

const isPending = async (ctx: ClientContext, { codeVerifier }: PendingRecord): Promise<boolean> =>
  (await readRecord<PendingRecord>(ctx, PENDING))?.codeVerifier === codeVerifier

/** Deletes the pending request, unless the person has asked for another address since. */
export const forgetPending = (ctx: ClientContext, record: PendingRecord): Promise<void> =>
  ctx.locks.pending(async () => {
    if (await isPending(ctx, record)) await deleteRecord(ctx, PENDING)
  })

async function deviceId(ctx: ClientContext): Promise<string> {
  const known = ctx.deviceId ?? (await readRecord<string>(ctx, DEVICE))
  if (known) return known
  const made = `dev_${random(ctx)}`
  await writeRecord(ctx, DEVICE, made)
  return made
}

/** 256 random bits. */
const random = (ctx: ClientContext): string => base64url(ctx.crypto.randomBytes(32))
