import { VerifyError } from './error.ts'
import { createVerifier } from './verify.ts'
/** Lets a request pass whose access token is good: who calls is in `c.var.latchkey`. Answers 401 or 503 itself. */
export function latchkey(options) {
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
