import type { SessionClaims } from '../crypto/jwt.ts'
import type { AppContext } from './read.ts'

/** A session that a grant opened or continued. `expiresAt` in Unix seconds. */
export type Granted = {
  session: SessionClaims
  sessionJwt: string
  expiresAt: number
  dashboardId?: string | undefined
}

/**
 * A grant checks its own parameters and runs its flow.
 * @param jkt thumbprint of the key that proved itself with this request, if one did.
 * @throws OAuthError for a refusal.
 */
export type Grant = (
  c: AppContext,
  parameters: Record<string, unknown>,
  jkt: string | undefined,
) => Promise<Granted>
