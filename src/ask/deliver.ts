import { normalisePhone } from '../base/email-address.ts'
import type { ApprovalRow } from '../model/approval.ts'
import { encodeBase64url } from '../base/encoding.ts'
import type { Deps } from '../http/deps.ts'
import { chooseLocale } from '../base/locale.ts'
import { PHONE_SENDS, phoneIdOf, takeBudget, tookBudget, userIdOf } from '../model/address.ts'
import { emailMessage, smsMessage } from './message.ts'
import { codeOf, newLinkId, sealLink, type LinkContent } from '../model/sealed-link.ts'

/** The one number that SMS for an address may go to. */
export const smsNumber = (approval: ApprovalRow | undefined): string | undefined =>
  normalisePhone(approval?.phoneNumber ?? '') ?? undefined

/**
 * Sends a link that exists: by mail, or by SMS to the one number on the approval row. Runs after the answer.
 * @throws SendError, DynamoError or DynamoUnavailable: the caller's background log says so.
 */
export async function deliver(
  deps: Deps,
  link: LinkContent & { email: string },
  approval: ApprovalRow | undefined,
  deviceName?: string,
): Promise<void> {
  const { config, seals, world } = deps
  const [token, code] = await Promise.all([sealLink(seals, link), codeOf(seals, link)])
  const words = {
    appName: config.APP_NAME,
    link: `${config.ISSUER}/link/${token}`,
    code,
    locale: chooseLocale(link.locale),
  }
  if (link.flow === 'sms') {
    const to = smsNumber(approval)
    if (to === undefined || !(await takePhoneSend(deps, to))) {
      const reason = to === undefined ? 'no_number' : 'over_budget'
      deps.log.line('link_not_sent', { outcome: 'refused', channel: 'sms', reason })
      return
    }
    const host = new URL(config.ISSUER).hostname
    await deps.send({ channel: 'sms', to, text: smsMessage({ ...words, host }) })
  } else {
    const message = emailMessage({
      ...words,
      expiresInSeconds: wholeMinutes(
        config.LINK_TTL_SECONDS - (world.now() - link.createdAtMs) / 1000,
      ),
      brandColor: config.BRAND_COLOR,
      deviceName,
    })
    const reference = encodeBase64url(world.randomBytes(12))
    await deps.send({ channel: 'email', to: link.email, ...message, reference })
  }
  const userId = await userIdOf(link.email)
  deps.log.line('link_sent', { outcome: 'ok', channel: link.flow, userId })
}

/** A mail that leaves a second after it was asked for says fifteen minutes, not fourteen. */
const wholeMinutes = (seconds: number): number => Math.round(seconds / 60) * 60

async function takePhoneSend(deps: Deps, phoneNumber: string): Promise<boolean> {
  const takeId = newLinkId(deps.world)
  const rowId = await phoneIdOf(phoneNumber)
  const update = takeBudget(deps.config, rowId, PHONE_SENDS, takeId, deps.world.now())
  return tookBudget(await deps.db.update(update), PHONE_SENDS, takeId)
}
