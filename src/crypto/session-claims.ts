import * as z from 'zod/mini'
import type { UnixMs } from '../base/time.ts'

/** How a person signed in: the `amr` of both tokens (RFC 8176 names `sms` and `otp`). */
export type Amr = 'email' | 'sms' | 'otp'

/** What both tokens say about one session. */
export type SessionClaims = {
  sessionId: string
  userId: string
  email: string
  deviceId: string
  /** See deviceKeyOf. */
  deviceKey: string
  generation: number
  amr: Amr[]
  /** `auth_time` in milliseconds: the address row ends sessions by the millisecond. */
  openedAtMs: UnixMs
  /** The DPoP key's thumbprint (RFC 7638), when the session is bound to one. */
  jkt?: string | undefined
}

/** `cnf` (RFC 9449 section 6.1): the key that a token is bound to. */
export const confirmation = () => z.optional(z.object({ jkt: z.string() }))

export const bound = (jkt: string | undefined) => (jkt === undefined ? {} : { cnf: { jkt } })
