import { base64url, utf8 } from './encoding.ts'
import { LatchkeyError } from './error.ts'
import { post } from './issuer.ts'
import { readRecord, writeRecord } from './records.ts'
export const PENDING = 'latchkey.pending'
const DEVICE = 'latchkey.device'
/**
 * Asks for a link. The verifier is kept before the request goes out, so that the link works even when the answer is
 * lost, and is the same while one address waits, so that the links of all its messages work. Never retried by itself:
 * each try may send a message.
 */
export async function ask(ctx, options) {
  const { returnTo, ...request } = options
  const before = await pending(ctx)
  const record =
    before?.email === options.email
      ? { ...before, returnTo }
      : { codeVerifier: random(ctx), deviceId: await deviceId(ctx), email: options.email, returnTo }
  await writeRecord(ctx, PENDING, record)
  const codeChallenge = base64url(await ctx.crypto.sha256(utf8(record.codeVerifier)))
  return send(ctx, '/v1/links', { ...request, codeChallenge, deviceName: ctx.deviceName }, record)
}
/** Sends the same link and code again. */
export async function resend(ctx) {
  const record = await pending(ctx)
  if (!record?.handle) throw new LatchkeyError('not_asked')
  return send(ctx, '/v1/links/resend', { handle: record.handle }, record)
}
/** What was asked for and has not run out. */
export async function pending(ctx) {
  const record = await readRecord(ctx, PENDING)
  return record?.expiresAt !== undefined && record.expiresAt <= ctx.now() ? null : record
}
export const describePending = ({ email, resendAt, expiresAt }) => ({
  email,
  resendAt,
  expiresAt,
})
async function send(ctx, path, request, record) {
  const { body, sentAt } = await post(ctx, path, request, (sent) => Boolean(sent.expiresIn))
  const asked = {
    ...record,
    ...(body.handle && { handle: body.handle }),
    resendAt: sentAt + body.resendAfter * 1000,
    expiresAt: sentAt + body.expiresIn * 1000,
  }
  await writeRecord(ctx, PENDING, asked)
  return describePending(asked)
}
async function deviceId(ctx) {
  const known = ctx.deviceId ?? (await readRecord(ctx, DEVICE))
  if (known) return known
  const made = `dev_${random(ctx)}`
  await writeRecord(ctx, DEVICE, made)
  return made
}
/** 256 random bits. */
const random = (ctx) => base64url(ctx.crypto.randomBytes(32))
