import type { ClientContext } from './context.ts'
import { base64url, utf8 } from './encoding.ts'
import { LatchkeyError } from './error.ts'
import { post } from './issuer.ts'
import { readRecord, writeRecord } from './records.ts'

export type AskOptions = {
  email: string
  channel?: 'email' | 'sms'
  phoneNumber?: string
  dashboardId?: string
  /** BCP 47, such as `de-CH`. */
  locale?: string
  /** For browsers, when the server asks for a bot check. */
  turnstileToken?: string
  /** For the page behind the link: where in this site to go on. */
  returnTo?: string
}

/** What is kept under `latchkey.pending`, also for the page behind the link. The last three come with the answer. */
export type PendingRecord = {
  /** RFC 7636. Whoever has it and the link signs in. */
  codeVerifier: string
  deviceId: string
  email: string
  returnTo?: string | undefined
  handle?: string
  /** Milliseconds of this device's clock, as the next one. */
  resendAt?: number
  expiresAt?: number
}

export type Pending = {
  email: string
  resendAt?: number | undefined
  expiresAt?: number | undefined
}

export const PENDING = 'latchkey.pending'
const DEVICE = 'latchkey.device'

/**
 * Asks for a link. The verifier is kept before the request goes out, so that the link works even when the answer is
 * lost, and is the same while one address waits, so that the links of all its messages work. Never retried by itself:
 * each try may send a message.
 */
export async function ask(ctx: ClientContext, options: AskOptions): Promise<Pending> {
  const { returnTo, ...request } = options
  const before = await pending(ctx)
  const record: PendingRecord =
    before?.email === options.email
      ? { ...before, returnTo }
      : { codeVerifier: random(ctx), deviceId: await deviceId(ctx), email: options.email, returnTo }
  await writeRecord(ctx, PENDING, record)
  const codeChallenge = base64url(await ctx.crypto.sha256(utf8(record.codeVerifier)))
  return send(ctx, '/v1/links', { ...request, codeChallenge, deviceName: ctx.deviceName }, record)
}

/** Sends the same link and code again. */
export async function resend(ctx: ClientContext): Promise<Pending> {
  const record = await pending(ctx)
  if (!record?.handle) throw new LatchkeyError('not_asked')
  return send(ctx, '/v1/links/resend', { handle: record.handle }, record)
}

/** What was asked for and has not run out. */
export async function pending(ctx: ClientContext): Promise<PendingRecord | null> {
  const record = await readRecord<PendingRecord>(ctx, PENDING)
  return record?.expiresAt !== undefined && record.expiresAt <= ctx.now() ? null : record
}

export const describePending = ({ email, resendAt, expiresAt }: PendingRecord): Pending => ({
  email,
  resendAt,
  expiresAt,
})

type Sent = { handle?: string; expiresIn: number; resendAfter: number }

async function send(
  ctx: ClientContext,
  path: string,
  request: Record<string, unknown>,
  record: PendingRecord,
): Promise<Pending> {
  const { body, sentAt } = await post<Sent>(ctx, path, request, (sent) => Boolean(sent.expiresIn))
  const asked: PendingRecord = {
    ...record,
    ...(body.handle && { handle: body.handle }),
    resendAt: sentAt + body.resendAfter * 1000,
    expiresAt: sentAt + body.expiresIn * 1000,
  }
  await writeRecord(ctx, PENDING, asked)
  return describePending(asked)
}

async function deviceId(ctx: ClientContext): Promise<string> {
  const known = ctx.deviceId ?? (await readRecord<string>(ctx, DEVICE))
  if (known) return known
  const made = `dev_${random(ctx)}`
  await writeRecord(ctx, DEVICE, made)
  return made
}

/** 256 random bits. */
const random = (ctx: ClientContext): string => base64url(ctx.crypto.randomBytes(32))
