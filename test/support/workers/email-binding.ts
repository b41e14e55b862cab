import type { MailBinding } from '../../../src/base/variables.ts'

export type BoundMail = Parameters<MailBinding['send']>[0]

/** What Cloudflare's Email Service throws. Its message may name the recipient. */
export class EmailServiceError extends Error {
  readonly code: string

  constructor(code: string, to = '') {
    super(`canary: could not send to ${to}`)
    this.code = code
  }
}

const MEMBERS = 'from headers html subject text to'
/** Header names besides X-…, as far as this project could want them (Cloudflare docs, "Email headers"). */
const ALLOWED_HEADERS = ['auto-submitted', 'content-language', 'importance', 'sensitivity']

/**
 * Stands in for a send_email binding, and checks an email as Cloudflare does. It also refuses what Cloudflare would take
 * but Latchkey must not send.
 * @param answer decides after the checks; it may throw, or never resolve.
 */
export function emailBinding(answer: (attempt: number) => unknown = () => undefined) {
  const mails: BoundMail[] = []
  let attempts = 0
  const send = async (mail: BoundMail) => {
    attempts += 1
    const invalid = (what: string) => new EmailServiceError('E_VALIDATION_ERROR', what)
    if (Object.keys(mail).toSorted().join(' ') !== MEMBERS) throw invalid('members')
    const { from, to, subject, headers } = mail
    const address = /^[^\s<>",;:@()]{1,64}@[a-z0-9.-]{3,254}$/i
    if (!address.test(from.email) || !address.test(to)) throw invalid('an address')
    if (/[<>"\r\n]/.test(from.name)) throw invalid('the name')
    if (!/^[^\p{Cc}]{1,998}$/u.test(subject)) throw invalid('the subject')
    for (const [name, value] of Object.entries(headers)) {
      const known = /^X-[A-Za-z0-9_-]+$/.test(name) || ALLOWED_HEADERS.includes(name.toLowerCase())
      if (!known) throw new EmailServiceError('E_HEADER_NOT_ALLOWED', name)
      if (value === '' || /[\r\n]/.test(value))
        throw new EmailServiceError('E_HEADER_VALUE_INVALID')
    }
    await answer(attempts)
    mails.push(mail)
    return { messageId: crypto.randomUUID() }
  }
  return { EMAIL: { send }, mails, attempts: () => attempts }
}
