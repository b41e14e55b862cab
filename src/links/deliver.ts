import type { ApprovalRow } from '../approvals/store.ts'
import type { Deps } from '../deps.ts'
import { encodeBase64url } from '../crypto/encoding.ts'
import { phoneIdOf, takeSend } from '../users/store.ts'
import { emailMessage, smsMessage } from './message.ts'
import { codeOf, newLinkId, sealLink, type LinkContent } from './token.ts'
import { chooseLocale } from '../ui/words/locale.ts'

/** Messages to one phone number in any hour, whoever's approval it stands on. */
const SMS_PER_HOUR = 10

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
  const { config, seals } = deps
  const [token, code] = await Promise.all([sealLink(seals, link), codeOf(seals, link)])
  const words = {
    appName: config.APP_NAME,
    link: `${config.ISSUER}/link/${token}`,
    code,
    locale: chooseLocale(link.locale),
  }
  if (link.flow === 'sms') {
    const to = approval?.phoneNumber
    if (to == null || !(await takePhoneBudget(deps, to))) {
      deps.log.line('link_not_sent', {
        channel: 'sms',
        reason: to == null ? 'no_number' : 'budget',
      })
      return
    }
    const host = new URL(config.ISSUER).host
    await deps.send({ channel: 'sms', to, text: smsMessage({ ...words, host }) })
  } else {
    const message = emailMessage({
      ...words,
      expiresInSeconds: config.LINK_TTL_SECONDS,
      brandColor: config.BRAND_COLOR,
      ...(deviceName === undefined ? {} : { deviceName }),
    })
    const reference = encodeBase64url(deps.world.randomBytes(12))
    await deps.send({ channel: 'email', to: link.email, ...message, reference })
  }
  deps.log.line('link_sent', { channel: link.flow })
}

async function takePhoneBudget(deps: Deps, phoneNumber: string): Promise<boolean> {
  const sendId = newLinkId(deps.world)
  const rowId = await phoneIdOf(phoneNumber)
  const taken = await deps.db.update(
    takeSend(deps.config, rowId, SMS_PER_HOUR, 0, sendId, deps.world.now()),
  )
  return taken.ok || taken.item?.['lastSendId'] === sendId
}
