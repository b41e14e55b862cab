import * as z from 'zod/mini'
import { normaliseEmail, normalisePhone } from '../base/email-address.ts'

// Schemas are built at their first use (z.lazy): building all of them is most of what start-up would cost.

const matching = (pattern: RegExp, error: string) => z.string().check(z.regex(pattern, { error }))

/** Text from a person or an app that is shown again: no control characters, no half characters. */
const plainText = (maxLength: number) =>
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

const NAME = 'letters, digits, or . _ : -'

/** S256 challenge: SHA-256 in base64url (RFC 7636 section 4.2). */
const codeChallenge = () =>
  matching(
    /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/,
    'must be an S256 code challenge: SHA-256 of the verifier in base64url, 43 characters',
  )

const handle = () => z.string().check(z.minLength(1), z.maxLength(2048))

/** What every redemption says of the device. `device_id` is the app's own stable name for it. */
const device = () => ({
  // RFC 7636 section 4.1.
  code_verifier: matching(
    /^[A-Za-z0-9._~-]{43,128}$/,
    'must be a PKCE code verifier of 43 to 128 characters',
  ),
  device_id: matching(/^[A-Za-z0-9._:-]{8,128}$/, `must be 8 to 128 ${NAME}`),
  device_name: z.optional(plainText(64)),
})

/** `POST /v1/links`. */
export const RequestLink = z.lazy(() =>
  z.strictObject({
    email: normalised(normaliseEmail, 'must be an e-mail address'),
    channel: z._default(z.enum(['email', 'sms']), 'email'),
    phoneNumber: z.optional(
      normalised(normalisePhone, 'must be a phone number such as +14155551234'),
    ),
    dashboardId: z.optional(matching(/^[A-Za-z0-9._:-]{1,128}$/, `must be 1 to 128 ${NAME}`)),
    codeChallenge: codeChallenge(),
    deviceName: z.optional(plainText(64)),
    locale: z.optional(
      matching(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}$/, 'must be a language tag such as de-CH'),
    ),
    /** A browser's proof for the bot check, when one is configured. */
    turnstileToken: z.optional(z.string().check(z.maxLength(2048))),
  }),
)
export type RequestLink = z.output<typeof RequestLink>

/** `POST /v1/links/resend`. */
export const ResendLink = z.lazy(() => z.strictObject({ handle: handle() }))

/** `POST /v1/token`, grant `urn:latchkey:grant-type:link`. */
export const LinkGrant = z.lazy(() =>
  z.object({
    link_token: z.string().check(z.minLength(1), z.maxLength(2048)),
    ...device(),
    handle: z.optional(handle()),
  }),
)
export type LinkGrant = z.output<typeof LinkGrant>

/** `POST /v1/token`, grant `urn:latchkey:grant-type:code`. */
export const CodeGrant = z.lazy(() =>
  z.object({
    handle: handle(),
    code: matching(/^\d{6}$/, 'must be six digits'),
    ...device(),
  }),
)
export type CodeGrant = z.output<typeof CodeGrant>
