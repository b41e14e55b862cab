import type { MailContent } from '../send/message.ts'
import { escapeHtml } from '../base/html.ts'
import type { Locale } from '../base/locale.ts'
import { mailButton, mailPage, mailSmall, mailText } from '../send/mail-page.ts'
import { deviceLabel, singleLine } from '../send/names.ts'
import { words } from './words.ts'

interface MessageInput {
  appName: string
  /** Absolute, http or https, ASCII. */
  link: string
  /** Six digits. */
  code: string
  locale: Locale
}

export interface EmailInput extends MessageInput {
  expiresInSeconds: number
  /** `#rrggbb`. Any other text gives the default colour, so that a wrong setting does not prevent an email. */
  brandColor: string
  /** The name that the asking device sent for itself. It may be any text. */
  deviceName?: string | undefined
  granted?: Granted | undefined
}

/** What an email says when it follows a decision of the company, perhaps days after the ask. Plain text. */
export interface Granted {
  /** One line. */
  subject: string
  /** That access was granted, and until when. */
  lead: string
  /** What to do when the link is too old. */
  later: string
}

export interface SmsInput extends MessageInput {
  /** The host on which the person enters the code, in ASCII: `auth.example.com`. */
  host: string
}

/**
 * Any character except the GSM 03.38 characters that take one septet. Characters of the GSM extension take two
 * septets, so they match too.
 */
export const NOT_GSM = /[^ -Z_a-zèéùìòÇØøÅåÆæßÉÄÖÑÜäöñüà]/gu

/**
 * Writes the email with link and code. The subject and each name are one short line, so no value can add a header or
 * a paragraph. The subject already has the code, so the preview next to it is how long the code lasts.
 * @throws TypeError for a malformed link or code, which is a bug in the caller.
 */
export function emailMessage(input: EmailInput): MailContent {
  const { link, code, locale } = checked(input)
  const { granted } = input
  const app = singleLine(input.appName)
  const device = deviceLabel(input.deviceName ?? '')
  const say = words[locale]
  // Rounded down, so that the email never promises more time than there is.
  const expiry = say.expiry(Math.max(1, Math.floor(input.expiresInSeconds / 60)))
  const subject = granted?.subject ?? say.subject(app, code)

  const text = [
    say.greeting,
    granted?.lead,
    say.intro(app),
    link,
    say.code,
    code,
    expiry,
    granted?.later,
    device && say.askedOn + device,
    say.ignore,
  ]

  const html = mailPage(locale, { app, subject, preview: expiry }, [
    mailText(escapeHtml(say.greeting), 8),
    ...(granted ? [mailText(escapeHtml(granted.lead), 8)] : []),
    mailText(escapeHtml(say.intro(app)), 20),
    ...mailButton(input.brandColor, link, say.button(app)),
    mailText(escapeHtml(say.code), 4),
    `<p style="font:700 30px/1.4 ui-monospace,Menlo,Consolas,monospace;letter-spacing:4px;margin:0 0 24px">${code}</p>`,
    mailSmall(escapeHtml(expiry)),
    granted ? mailSmall(escapeHtml(granted.later)) : '',
    device && mailSmall(`${escapeHtml(say.askedOn)}<bdi>${escapeHtml(device)}</bdi>`),
    mailSmall(escapeHtml(say.ignore)),
  ])

  return { subject, text: `${text.filter(Boolean).join('\n\n')}\n`, html }
}

/**
 * Writes the SMS with link and code. The last line binds the code to the host (WICG sms-one-time-codes), so that
 * phones only offer the code there.
 * In en, de, fr and es the text only uses the basic GSM 03.38 alphabet. It fits into one segment of 160 septets with
 * a link of 107 characters and a host of 16. Accents that GSM lacks are removed from the app's name. The name is left
 * out if GSM cannot spell it, and cut if it would need one more segment. Japanese uses UCS-2: three segments of 67
 * characters.
 * @throws TypeError for a malformed link, code or host, which is a bug in the caller.
 */
export function smsMessage(input: SmsInput): string {
  const { link, code, locale } = checked(input)
  if (!/^[\w.:-]+$/.test(input.host)) throw new TypeError('the host is malformed')
  const { gsm } = words[locale]
  const app = singleLine(input.appName)
  const write = (name: string) =>
    `${words[locale].sms(name, code).trim()}\n${link}\n@${input.host} #${code}`

  // The number of characters in one, two or three segments. The app's name may fill the last segment, but must not
  // add one.
  const sizes = gsm ? [160, 306, 459] : [70, 134, 201]
  const room = sizes.find((size) => write('').length <= size) ?? Infinity
  const name = [...(gsm ? gsmName(app) : app)]
  while (name.length > 0 && write(name.join('')).length > room) name.pop()
  return write(name.join('').trim())
}

function checked<T extends MessageInput>(input: T): T {
  if (!/^https?:\/\/[!-~]+$/.test(input.link)) throw new TypeError('the link is malformed')
  if (!/^\d{6}$/.test(input.code)) throw new TypeError('the code is malformed')
  return input
}

/** @returns the name in GSM 03.38 characters; empty if it would lose a letter. */
function gsmName(name: string): string {
  const spelled = name
    .normalize('NFC')
    .replace(NOT_GSM, (character) => character.normalize('NFKD').replace(/\p{M}/gu, ''))
  const lost = spelled.match(NOT_GSM)?.join('') ?? ''
  return /[\p{L}\p{N}]/u.test(lost) ? '' : singleLine(spelled.replace(NOT_GSM, ' '))
}
