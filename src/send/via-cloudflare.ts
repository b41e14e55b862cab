import type { Config } from '../base/config.ts'
import type { World } from '../base/world.ts'
import { headersOf, type Email } from './message.ts'
import { SendError, type Route } from './retries.ts'

/** Codes that are about this message. @see https://developers.cloudflare.com/email-service/api/send-emails/workers-api/ */
const REFUSED = /^E_(?:VALIDATION|FIELD|TOO_MANY|RECIPIENT|CONTENT|DELIVERY|HEADER)/
/** Codes that a moment's wait does not change: the domain, or the quota of the day. */
const BLOCKED = /^E_(?:SENDER|DAILY)/

/** Sends by Cloudflare's Email Service, through the binding EMAIL. */
export const viaCloudflare = (config: Config, world: World, mail: Email): Route => ({
  sender: 'cloudflare',
  async attempt(timeoutMs) {
    const [, name = '', email = config.MAIL_FROM] =
      /^"?(.*?)"? *<(.+)>$/.exec(config.MAIL_FROM) ?? []
    const sending = config.EMAIL!.send({
      from: { name, email },
      to: mail.to,
      subject: mail.subject,
      text: mail.text,
      // SES removes this attribute itself.
      html: mail.html.replaceAll(' ses:no-track', ''),
      headers: headersOf(mail),
    })
    // A call of a binding cannot be aborted.
    const tooLate = world.sleep(timeoutMs).then(() => new SendError(0, 'TimeoutError', 'passing'))
    return Promise.race([sending.then(() => null), tooLate]).catch(errorOf)
  },
})

/** The error's text is not kept, because it may name the person. */
function errorOf(error: unknown): SendError {
  const code = String((error as { code?: unknown } | null)?.code)
  const kind = REFUSED.test(code) ? 'refused' : BLOCKED.test(code) ? 'blocked' : 'passing'
  return new SendError(0, /^E_[A-Z_]+$/.test(code) ? code : 'UnknownError', kind)
}
