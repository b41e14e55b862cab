import type { Caller } from '../base/caller.ts'
import { toSeconds, type UnixMs } from '../base/time.ts'
import type { Deps } from '../http/deps.ts'
import type { AddressRow } from '../model/address.ts'
import { pruneDevices } from '../model/devices.ts'
import {
  approvalKey,
  isApproved,
  isWithdrawn,
  smsNumber,
  type ApprovalRow,
} from '../model/approval.ts'
import { putLink } from '../model/link.ts'
import { newLinkId, sealHandle } from '../model/sealed-link.ts'
import { deliver } from './deliver.ts'
import { requestAccess } from './request-access.ts'
import type { AskBody } from './schema.ts'
import { takeSendFor } from './take-send.ts'

/** In seconds. When refused: how long to wait. When accepted: until the next message is possible. */
export type Asked =
  | { ok: true; handle: string; resendAfterSeconds: number }
  | { ok: false; retryAfterSeconds: number }

/**
 * Asks for a link. Every address takes the same path: one round trip before the response, and a link row after it.
 * Only the last step, sending the message, depends on the approval. So neither the response nor a later code try
 * reveals whether an address is approved. If ACCESS_REQUESTS is on and the address may not sign in, the last step
 * creates an access request instead.
 * @param origin the Worker whose page the link opens.
 */
export async function askForLink(
  deps: Deps,
  input: AskBody,
  caller: Caller,
  origin: string,
): Promise<Asked> {
  const flow = input.channel ?? 'email'
  const { config, db, seals, world } = deps
  const nowMs = world.now()
  const linkId = newLinkId(world)
  const [approval, taken] = await Promise.all([
    db.get(approvalKey(config, input.email)),
    takeSendFor(deps, input.email, linkId, nowMs),
  ])
  if (!taken.ok) return { ok: false, retryAfterSeconds: taken.nextAfterSeconds }
  const { address } = taken
  const link = {
    linkId,
    createdAtMs: nowMs,
    flow,
    userId: address.userId,
    email: input.email,
    dashboardId: input.dashboardId,
    locale: input.locale,
    codeChallenge: input.codeChallenge,
    keyId: seals.currentKeyId,
  }
  const handle = await sealHandle(seals, link)

  const about = { userId: link.userId, channel: flow }
  deps.background(
    'link_not_sent',
    async (after) => {
      const reason = whyNotSent(after, input, approval, address, nowMs)
      const phoneNumber = reason === undefined && flow === 'sms' ? smsNumber(approval) : undefined
      // A transaction with one part: its ClientRequestToken distinguishes Latchkey's own retry from another row.
      await after.db.transact({
        link: putLink(config, link, { phoneNumber, caller, notSent: reason }),
      })
      // Asking for a link to the console is not a request to use the app.
      const mayRequest = config.ACCESS_REQUESTS === 'on' && origin === config.ISSUER
      if (reason === 'not_approved' && mayRequest && !isWithdrawn(approval)) {
        const { deviceName } = input
        await requestAccess(after, link, { sealedLink: handle, deviceName, caller })
      }
      if (reason === undefined) return deliver(after, link, approval, origin, input.deviceName)
      after.log.line('link_not_sent', { outcome: 'refused', ...about, reason })
    },
    about,
  )
  const pruned = pruneDevices(config, address)
  if (pruned !== null) {
    deps.background('devices_pruned', async (after) => {
      const { ok } = await after.db.update(pruned)
      after.log.line('devices_pruned', { outcome: ok ? 'ok' : 'nothing', userId: link.userId })
    })
  }
  return { ok: true, handle, resendAfterSeconds: taken.nextAfterSeconds }
}

/** SMS only goes to the number on the approval, whatever number the request contains. */
function whyNotSent(
  { config }: Deps,
  input: AskBody,
  approval: ApprovalRow | undefined,
  address: AddressRow,
  nowMs: UnixMs,
): 'not_approved' | 'no_number' | 'other_number' | 'mail_refused' | undefined {
  if (!isApproved(config, input.email, approval, toSeconds(nowMs))) return 'not_approved'
  if (input.channel !== 'sms')
    return address.mailRefusedAt === undefined ? undefined : 'mail_refused'
  const registered = smsNumber(approval)
  if (registered === undefined) return 'no_number'
  return (input.phoneNumber ?? registered) === registered ? undefined : 'other_number'
}
