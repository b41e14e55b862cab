import { normaliseEmail } from '../base/email-address.ts'
import { Problem } from '../http/problem.ts'
import type { ConsoleContext } from './deps.ts'

/**
 * The address in the path, in its canonical form. No other spelling of an address has a row.
 * @throws Problem 404 for what is no address.
 */
export function emailInPath(c: ConsoleContext): string {
  const email = normaliseEmail(c.req.param('email') ?? '')
  if (email === null) throw new Problem('not_found')
  return email
}
