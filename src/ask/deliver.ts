import { encodeBase64url } from '../base/encoding.ts'
import { chooseLocale } from '../base/locale.ts'
import type { Deps } from '../http/deps.ts'
import { smsNumber, type ApprovalRow } from '../model/approval.ts'
import { newTakeId, PHONE_SENDS, phoneIdOf, takePhoneSend, tookBudget } from '../model/budget.ts'
import { noteSending, type Link } from '../model/link.ts'
import { codeOf, sealLink } from '../model/sealed-link.ts'
import type { Message } from '../send/message.ts'
import type { Sender } from '../send/retries.ts'
import { emailMessage, smsMessage, type Granted } from './message.ts'

/**
 * Sends an existing link: by email, or by SMS to the number on the approval row. Runs after the response.
 * @param origin the Worker whose page the link opens: ISSUER, or CONSOLE_ORIGIN for a sign-in to the console.
 * @param granted what an email says besides, if an approval is why it is sent.
 * @throws SendError, DynamoError or DynamoUnavailable. The background work logs its name.
 */
export async function deliver(
  deps: Deps,
  link: Link,
  approval: ApprovalRow | undefined,
  origin: string,
  deviceName?: string,
  granted?: Granted,
): Promise<void> {
  const { config, seals, world } = deps
  const [token, code] = await Promise.all([sealLink(seals, link), codeOf(seals, link)])
  const words = {
    appName: config.APP_NAME,
    link: `${origin}/link/${token}`,
    code,
    locale: chooseLocale(link.locale),
  }
  let sender: Sender
  const said = { channel: link.flow, userId: link.userId }
  if (link.flow === 'sms') {
    const to = smsNumber(approval)
    if (to === undefined || !(await takePhone(deps, to))) {
      const reason = to === undefined ? 'no_number' : 'over_budget'
      await deps.db.update(noteSending(config, link.linkId, reason))
      deps.log.line('link_not_sent', { outcome: 'refused', ...said, reason })
      return
    }
    const host = new URL(origin).hostname
    sender = await sendNoted(deps, link, {
      channel: 'sms',
      to,
      text: smsMessage({ ...words, host }),
    })
  } else {
    const ageSeconds = (world.now() - link.createdAtMs) / 1000
    const message = emailMessage({
      ...words,
      expiresInSeconds: wholeMinutes(config.LINK_TTL_SECONDS - ageSeconds),
      brandColor: config.BRAND_COLOR,
      deviceName,
      granted,
    })
    const reference = encodeBase64url(world.randomBytes(12))
    sender = await sendNoted(deps, link, {
      channel: 'email',
      to: link.email,
      ...message,
      reference,
    })
  }
  deps.log.line('link_sent', { outcome: 'ok', ...said, sender })
}

/** A failure is recorded on the link row, where the console looks for it. A success costs no write. */
async function sendNoted(deps: Deps, link: Link, message: Message): Promise<Sender> {
  try {
    return await deps.send(message)
  } catch (error) {
    await deps.db.update(noteSending(deps.config, link.linkId, 'send_failed'))
    throw error
  }
}

/** Rounded, so that an email sent a second after the ask says fifteen minutes instead of fourteen. */
const wholeMinutes = (seconds: number): number => Math.round(seconds / 60) * 60

async function takePhone(
  { config, db, seals, world }: Deps,
  phoneNumber: string,
): Promise<boolean> {
  const takeId = newTakeId(world)
  const phoneId = await phoneIdOf(seals, phoneNumber)
  const verdict = await db.update(takePhoneSend(config, phoneId, takeId, world.now()))
  return tookBudget(verdict, PHONE_SENDS, takeId)
}
