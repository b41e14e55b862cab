import * as z from 'zod/mini'
import type { UnixMs } from '../base/time.ts'

/** How a person signed in: the `amr` of both tokens (RFC 8176 names `sms` and `otp`). */
export type Amr = 'email' | 'sms' | 'otp'

/** The claims about a session that both tokens contain. */
export type SessionClaims = {
  sessionId: string
  userId: string
  email: string
  deviceId: string
  /** See deviceKeyOf. */
  deviceKey: string
  generation: number
  amr: Amr[]
  /** `auth_time` in milliseconds, because the address row ends sessions by the millisecond. */
  openedAtMs: UnixMs
  /** The thumbprint of the DPoP key (RFC 7638), if the session is bound to one. */
  jkt?: string | undefined
}

/** A claim that counts something. */
export const wholeNumber = () =>
  z.number().check(({ value, issues }) => {
    if (!Number.isSafeInteger(value) || value < 0) issues.push({ code: 'custom', input: value })
  })

/** `cnf` (RFC 9449 section 6.1): the key that a token is bound to. */
export const confirmation = () => z.optional(z.object({ jkt: z.string() }))

export const bound = (jkt: string | undefined) => (jkt === undefined ? {} : { cnf: { jkt } })
