/**
 * The one place that decides what an e-mail address is. Asking, redeeming, approving and sending all use
 * it, so that two spellings are never two people, and one spelling never two mailboxes.
 */

// Without % and !, by which old mail servers relay to another host.
const LOCAL_PART = /^[a-z0-9#$&'*+/=?^_`{|}~-]+(?:\.[a-z0-9#$&'*+/=?^_`{|}~-]+)*$/
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/

/**
 * The canonical form of an e-mail address (RFC 5321 section 4.1.2, dot-atom local part), or null when it
 * is not one that mail can be sent to: lower case, the domain in its ASCII form (RFC 5891). Only spaces
 * at the ends are forgiven. Quoted and non-ASCII local parts, address literals, and characters that Unicode
 * normalisation would turn into others (a full-width `@`) are refused rather than guessed at.
 */
export function normaliseEmail(input: string): string | null {
  if (input.length > 320) return null
  const text = input.replace(/^ +| +$/g, '')
  const at = text.indexOf('@')
  if (at < 1 || at !== text.lastIndexOf('@')) return null
  const typed = text.slice(0, at)
  // Before lower-casing, which makes a plain k of the Kelvin sign.
  if (!/^[\x21-\x7e]+$/.test(typed)) return null
  const local = typed.toLowerCase()
  const domain = normaliseDomain(text.slice(at + 1))
  if (domain === null || local.length > 64 || !LOCAL_PART.test(local)) return null
  const email = `${local}@${domain}`
  return email.length > 254 ? null : email
}

/** The ASCII, lower-case form of a DNS name with at least two labels, or null. */
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

/** The form of a name in DNS (RFC 5891). Only international names need the platform's tables, which load slowly. */
function toAscii(input: string): string | null {
  // Lower-cased first: a capital that exists only as itself must not make a second spelling.
  const name = input.toLowerCase()
  if (/^[A-Za-z0-9.-]+$/.test(input) && !name.includes('xn--')) return name
  if (!isInternational(input)) return null
  try {
    return new URL(`http://${name}`).hostname
  } catch {
    return null
  }
}

/** Letters, marks and digits of any script, in a spelling that Unicode's normalisation does not change. */
const isInternational = (input: string): boolean =>
  // Written here, since compiling `\p{…}` costs start-up time and few addresses need it.
  /^[\p{L}\p{M}\p{N}.-]+$/u.test(input) && input.normalize('NFKC') === input.normalize('NFC')

/** `company.example` of `ada@company.example`. */
export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1)

/**
 * The mailbox that a normalised address most likely reaches: without a `+tag`. Budgets count by it, since
 * a company's whole domain is approved and each tag would otherwise be a budget of its own. Never an identity.
 */
export function mailboxOf(email: string): string {
  const plus = email.indexOf('+')
  // A local part that begins with the plus is no tag of anything.
  return plus < 1 ? email : email.slice(0, plus) + email.slice(email.lastIndexOf('@'))
}

/** `j•••e@example.com`: enough for its owner to know it, nothing for anyone else. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  const local = email.slice(0, at)
  const shown = local.length > 3 ? `${local[0]}•••${local.at(-1)}` : `${local[0]}•••`
  return shown + email.slice(at)
}
