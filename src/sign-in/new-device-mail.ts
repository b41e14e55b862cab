import { encodeBase64url } from '../base/encoding.ts'
import { escapeHtml } from '../base/html.ts'
import { chooseLocale, type Locale } from '../base/locale.ts'
import type { UnixMs } from '../base/time.ts'
import type { SessionClaims } from '../crypto/session-claims.ts'
import type { Deps } from '../http/deps.ts'
import { addressIdOf, addressKey } from '../model/address.ts'
import type { Link } from '../model/link.ts'
import { noveltyOf } from '../model/new-device.ts'
import { sessionsOfPerson } from '../model/session.ts'
import { mailButton, mailPage, mailText } from '../send/mail-page.ts'
import type { MailContent } from '../send/message.ts'
import { deviceLabel, singleLine } from '../send/names.ts'
import { newDeviceWords } from './new-device-words.ts'

/**
 * Tells the person by email that a new device signed in. Everything happens after the response, so the sign-in neither
 * waits for it nor fails with it. A repeated request opens no session, so it sends no second email. The email uses no
 * budget: each one needs a sign-in, and each sign-in needs a message from the budget.
 */
export function tellOfNewDevice(
  deps: Deps,
  link: Link,
  session: SessionClaims,
  deviceName: string | undefined,
): void {
  const { config, world } = deps
  // Nobody reads the mailbox of a review account.
  const isReviewed = config.REVIEW_ACCOUNTS?.some(({ email }) => email === link.email) ?? false
  if (config.NEW_DEVICE_MAIL === 'off' || isReviewed) return
  const about = { userId: session.userId, sessionId: session.sessionId }
  const signedInAtMs = world.now()
  deps.background(
    'new_device_mail',
    async (after) => {
      const addressId = await addressIdOf(link.email)
      // One page, which is 1 MB: more than 800 sessions.
      const [address, { rows }] = await Promise.all([
        after.db.get(addressKey(config, addressId)),
        after.db.query(sessionsOfPerson(config, session.userId)),
      ])
      // The person was erased meanwhile.
      if (address?.userId !== session.userId) return
      if (noveltyOf(session, address, rows) !== 'new') return
      const reason = address.mailRefusedAt === undefined ? undefined : 'mail_refused'
      if (reason === undefined) {
        await after.send({
          channel: 'email',
          to: link.email,
          reference: encodeBase64url(world.randomBytes(12)),
          ...newDeviceMail({
            appName: config.APP_NAME,
            brandColor: config.BRAND_COLOR,
            locale: chooseLocale(link.locale),
            accountUrl: `${config.ISSUER}/account`,
            deviceName,
            signedInAtMs,
          }),
        })
      }
      after.log.line('new_device_mail', { outcome: reason ? 'refused' : 'ok', ...about, reason })
    },
    about,
  )
}

export interface NewDeviceInput {
  appName: string
  /** `#rrggbb` */
  brandColor: string
  locale: Locale
  /** The page on which the person can sign out all other devices. Without a token. */
  accountUrl: string
  /** The name that the device sent for itself. It may be any text. */
  deviceName?: string | undefined
  signedInAtMs: UnixMs
}

/** Writes the email. As in the email with a link, no value can add a header, a paragraph or a link. */
export function newDeviceMail(input: NewDeviceInput): MailContent {
  const { brandColor, locale, accountUrl, signedInAtMs } = input
  const say = newDeviceWords[locale]
  const app = singleLine(input.appName)
  const subject = say.subject(app)
  const device = deviceLabel(input.deviceName ?? '')
  const time = `${new Date(signedInAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const text = [subject, device && say.device + device, time, say.advice, accountUrl]
  const html = mailPage(locale, { app, subject, preview: time }, [
    mailText(escapeHtml(subject), 8),
    device && mailText(`${escapeHtml(say.device)}<bdi>${escapeHtml(device)}</bdi>`, 8),
    mailText(time, 20),
    mailText(escapeHtml(say.advice), 20),
    ...mailButton(brandColor, accountUrl, accountUrl.replace(/^https?:\/\//, '')),
  ])
  return { subject, text: `${text.filter(Boolean).join('\n\n')}\n`, html }
}
