import * as z from 'zod/mini'
import { lazily } from '../base/lazily.ts'
import {
  linkHandle,
  matching,
  NAME_CHARACTERS,
  printableText,
  textOf,
} from '../http/schema-parts.ts'

/** What every redemption says about the device. `device_id` is the app's own stable id for it. */
const device = () => ({
  // RFC 7636 section 4.1.
  code_verifier: matching(
    /^[A-Za-z0-9._~-]{43,128}$/,
    'must be a PKCE code verifier of 43 to 128 characters',
  ),
  device_id: matching(/^[A-Za-z0-9._:-]{8,128}$/, `must be 8 to 128 ${NAME_CHARACTERS}`),
  device_name: z.optional(printableText(64)),
})

/** `POST /v1/token`, `grant_type` `urn:latchkey:grant-type:link`. */
export const LinkParameters = lazily(() =>
  z.object({
    link_token: textOf(1, 2048),
    ...device(),
    handle: z.optional(linkHandle()),
  }),
)
export type LinkParameters = z.output<ReturnType<typeof LinkParameters>>

/** `POST /v1/token`, `grant_type` `urn:latchkey:grant-type:code`. */
export const CodeParameters = lazily(() =>
  z.object({
    handle: linkHandle(),
    code: matching(/^\d{6}$/, 'must be six digits'),
    ...device(),
  }),
)
export type CodeParameters = z.output<ReturnType<typeof CodeParameters>>
