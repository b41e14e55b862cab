import * as z from 'zod/mini'
import { normaliseEmail, normalisePhone } from '../address.ts'

/** Text from a person or an app that is shown again: no control characters, no half characters. */
export const plainText = (maxLength: number) =>
  z.string().check(
    z.minLength(1),
    z.maxLength(maxLength),
    z.refine((value) => value.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value), {
      error: 'must be plain text without control characters',
    }),
  )

const normalised = (normalise: (input: string) => string | null, error: string) =>
  z.pipe(
    z.string(),
    z.transform((value, ctx): string => {
      const result = normalise(value)
      if (result === null) ctx.issues.push({ code: 'custom', input: '', message: error })
      return result ?? ''
    }),
  )

export const Email = normalised(normaliseEmail, 'must be an e-mail address')
export const PhoneNumber = normalised(normalisePhone, 'must be a phone number such as +14155551234')

/** S256 challenge: SHA-256 in base64url (RFC 7636 section 4.2). */
const CodeChallenge = z.string().check(
  z.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/, {
    error: 'must be an S256 code challenge: SHA-256 of the verifier in base64url, 43 characters',
  }),
)
/** RFC 7636 section 4.1. */
export const CodeVerifier = z.string().check(
  z.regex(/^[A-Za-z0-9._~-]{43,128}$/, {
    error: 'must be a PKCE code verifier of 43 to 128 characters',
  }),
)

/** The app's own stable name for the device that it runs on. */
export const DeviceId = z
  .string()
  .check(
    z.regex(/^[A-Za-z0-9._:-]{8,128}$/, { error: 'must be 8 to 128 letters, digits, or . _ : -' }),
  )

export const DeviceName = plainText(64)
const DashboardId = z
  .string()
  .check(
    z.regex(/^[A-Za-z0-9._:-]{1,128}$/, { error: 'must be 1 to 128 letters, digits, or . _ : -' }),
  )
const Locale = z.string().check(
  z.regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}$/, {
    error: 'must be a language tag such as de-CH',
  }),
)

/** `POST /v1/links`. */
export const RequestLink = z.strictObject({
  email: Email,
  channel: z._default(z.enum(['email', 'sms']), 'email'),
  phoneNumber: z.optional(PhoneNumber),
  dashboardId: z.optional(DashboardId),
  codeChallenge: CodeChallenge,
  deviceName: z.optional(DeviceName),
  locale: z.optional(Locale),
  /** A browser's proof for the bot check, when one is configured. */
  turnstileToken: z.optional(z.string().check(z.maxLength(2048))),
})
export type RequestLink = z.output<typeof RequestLink>

const Handle = z.string().check(z.minLength(1), z.maxLength(2048))

/** `POST /v1/links/resend`. */
export const ResendLink = z.strictObject({ handle: Handle })

/** `POST /v1/token`, grant `urn:latchkey:grant-type:link`. */
export const LinkGrant = z.object({
  link_token: z.string().check(z.minLength(1), z.maxLength(2048)),
  code_verifier: CodeVerifier,
  device_id: DeviceId,
  device_name: z.optional(DeviceName),
  handle: z.optional(Handle),
})
export type LinkGrant = z.output<typeof LinkGrant>

/** `POST /v1/token`, grant `urn:latchkey:grant-type:code`. */
export const CodeGrant = z.object({
  handle: Handle,
  code: z.string().check(z.regex(/^\d{6}$/, { error: 'must be six digits' })),
  code_verifier: CodeVerifier,
  device_id: DeviceId,
  device_name: z.optional(DeviceName),
})
export type CodeGrant = z.output<typeof CodeGrant>
