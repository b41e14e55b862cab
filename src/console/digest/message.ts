import { mailButton, mailPage, mailSmall, mailText } from '../../send/mail-page.ts'
import type { MailContent } from '../../send/message.ts'
import { singleLine } from '../../send/names.ts'
import { escapeHtml } from '../../base/html.ts'
import type { Locale } from '../../base/locale.ts'
import type { UnixSeconds } from '../../base/time.ts'
import { dayText } from '../pages/when.ts'
import { digestWords } from './words.ts'

export type DigestInput = {
  appName: string
  brandColor: string
  locale: Locale
  /** The page of the queue. Opening it decides nothing. */
  link: string
  waiting: number
  since: UnixSeconds
}

/**
 * Writes the digest. It says how many requests wait and since when, but contains no address. Strangers type the addresses,
 * so an email would send their text to every approver, and stay in mailboxes after the request is deleted.
 */
export function digestMessage(input: DigestInput): MailContent {
  const { brandColor, locale, link, waiting, since } = input
  const say = digestWords[locale]
  const app = singleLine(input.appName)
  const subject = say.subject(app, waiting)
  const oldest = say.since(dayText(since, locale))
  const text = [`${subject}.`, oldest, link, say.decides, say.why(app)]
  const html = mailPage(locale, { app, subject, preview: oldest }, [
    mailText(`<strong>${escapeHtml(subject)}</strong>`, 8),
    mailText(escapeHtml(oldest), 20),
    ...mailButton(brandColor, link, say.button),
    mailSmall(escapeHtml(say.decides)),
    mailSmall(escapeHtml(say.why(app))),
  ])
  return { subject, text: `${text.join('\n\n')}\n`, html }
}
