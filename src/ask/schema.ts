import * as z from 'zod/mini'
import { lazily } from '../base/lazily.ts'
import { normaliseEmail } from '../base/email-address.ts'
import { normalisePhone } from '../base/phone-number.ts'
import {
  linkHandle,
  matching,
  NAME_CHARACTERS,
  normalised,
  printableText,
  textOf,
} from '../http/schema-parts.ts'

/** `POST /v1/links`. */
export const AskBody = lazily(() =>
  z.strictObject({
    email: normalised(normaliseEmail, 'must be an email address'),
    /** The default is email. */
    channel: z.optional(z.enum(['email', 'sms'])),
    phoneNumber: z.optional(
      normalised(normalisePhone, 'must be a phone number such as +14155551234'),
    ),
    dashboardId: z.optional(
      matching(/^[A-Za-z0-9._:-]{1,128}$/, `must be 1 to 128 ${NAME_CHARACTERS}`),
    ),
    /** S256 challenge: SHA-256 in base64url (RFC 7636 section 4.2). */
    codeChallenge: matching(
      /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/,
      'must be an S256 code challenge: SHA-256 of the verifier in base64url, 43 characters',
    ),
    deviceName: z.optional(printableText(64)),
    locale: z.optional(
      matching(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}$/, 'must be a language tag such as de-CH'),
    ),
    /** The browser's token for the bot check, if the check is configured. */
    turnstileToken: z.optional(textOf(0, 2048)),
  }),
)
export type AskBody = z.output<ReturnType<typeof AskBody>>

/** `POST /v1/links/resend`. */
export const ResendBody = lazily(() => z.strictObject({ handle: linkHandle() }))
