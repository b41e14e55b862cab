import type { MiddlewareHandler } from 'hono'
import type { AccessClaims } from './claims.ts'
import { VerifyError } from './error.ts'
import { createVerifier, type VerifierOptions } from './verify.ts'

/** Middleware that sets `c.var.latchkey` to the claims of a valid access token, and answers 401 or 503 otherwise. */
export function latchkey(
  options: VerifierOptions,
): MiddlewareHandler<{ Variables: { latchkey: AccessClaims } }> {
  const verify = createVerifier(options)
  return async (c, next) => {
    try {
      c.set('latchkey', await verify(c.req.raw))
    } catch (error) {
      if (!(error instanceof VerifyError)) throw error
      return c.json({ error: error.code }, error.status, error.headers)
    }
    return next()
  }
}
