import { normaliseEmail } from '../../base/email-address.ts'

/** A person is identified by an address or by a user id. */
export type Named = { email: string; userId?: undefined } | { email?: undefined; userId: string }

/** @param name an address in any spelling, or a user id. @returns null for anything else. */
export function namedBy(name: string): Named | null {
  const text = name.trim()
  if (/^usr_[A-Za-z0-9_-]{22}$/.test(text)) return { userId: text }
  const email = normaliseEmail(text)
  return email === null ? null : { email }
}
