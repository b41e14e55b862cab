/**
 * Normalises email addresses. All code that receives or stores an address uses this file, so that two spellings of
 * one address are never two people.
 */

// Without % and !, which make old mail servers relay a message to another host.
const LOCAL_PART = /^[a-z0-9#$&'*+/=?^_`{|}~-]+(?:\.[a-z0-9#$&'*+/=?^_`{|}~-]+)*$/
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/

/**
 * Normalises an email address (RFC 5321 section 4.1.2, dot-atom local part): lower case, the domain in its ASCII form
 * (RFC 5891), no surrounding spaces.
 * @returns null if email cannot be sent to it. This also refuses quoted and non-ASCII local parts, address literals,
 *   and characters that Unicode normalisation would change (a full-width `@`), because their meaning would be a
 *   guess.
 */
export function normaliseEmail(input: string): string | null {
  if (input.length > 320) return null
  const text = input.replace(/^ +| +$/g, '')
  const at = text.indexOf('@')
  if (at < 1 || at !== text.lastIndexOf('@')) return null
  const typed = text.slice(0, at)
  // Checked before lower-casing, which turns the Kelvin sign into a plain k.
  if (!/^[\x21-\x7e]+$/.test(typed)) return null
  const local = typed.toLowerCase()
  const domain = normaliseDomain(text.slice(at + 1))
  if (domain === null || local.length > 64 || !LOCAL_PART.test(local)) return null
  const email = `${local}@${domain}`
  return email.length > 254 ? null : email
}

/** @returns the ASCII form, in lower case, of a DNS name with at least two labels; null for any other text. */
export function normaliseDomain(input: string): string | null {
  const ascii = toAscii(input)
  if (ascii === null) return null
  const labels = ascii.split('.')
  const valid = labels.every((label) => label.length <= 63 && LABEL.test(label))
  const topLevel = labels.at(-1) ?? ''
  return valid && labels.length > 1 && ascii.length <= 253 && /^(?:[a-z]|xn--)/.test(topLevel)
    ? ascii
    : null
}

/** @returns the DNS form of a name (RFC 5891). Only international names need Unicode tables, which load slowly. */
function toAscii(input: string): string | null {
  // First to lower case: URL turns a capital ẞ into ss but keeps ß, so one name would become two.
  const name = input.toLowerCase()
  if (/^[A-Za-z0-9.-]+$/.test(input) && !name.includes('xn--')) return name
  if (!isInternational(input)) return null
  try {
    return new URL(`http://${name}`).hostname
  } catch {
    return null
  }
}

/** Whether a name only has letters, marks and digits, none of which Unicode's compatibility form (NFKC) replaces. */
const isInternational = (input: string): boolean =>
  // Not a constant of the module, because compiling `\p{…}` is slow and few addresses need it.
  /^[\p{L}\p{M}\p{N}.-]+$/u.test(input) && input.normalize('NFKC') === input.normalize('NFC')

/** `company.example` of `ada@company.example`. */
export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1)

/**
 * @returns the mailbox that a normalised address most likely reaches: the address without its `+tag`. Budgets belong
 *   to the mailbox, because otherwise each tag would have its own budget. The identity belongs to the address.
 */
export function mailboxOf(email: string): string {
  const plus = email.indexOf('+')
  // A plus at the start does not begin a tag.
  return plus < 1 ? email : email.slice(0, plus) + email.slice(email.lastIndexOf('@'))
}

/** @returns `j•••e@example.com`. The owner recognises the address, and others cannot complete it. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  const local = email.slice(0, at)
  const shown = local.length > 3 ? `${local[0]}•••${local.at(-1)}` : `${local[0]}•••`
  return shown + email.slice(at)
}
