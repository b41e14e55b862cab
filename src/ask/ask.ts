import { approvalKey, isApproved, type ApprovalRow } from '../model/approval.ts'
import type { Client, Deps } from '../http/deps.ts'
import { userIdOf } from '../model/address.ts'
import { toSeconds } from '../base/world.ts'
import { takeSend } from './budget.ts'
import { deliver, smsNumber } from './deliver.ts'
import type { RequestLink } from './schema.ts'
import { putLink } from '../model/link.ts'
import { newLinkId, sealHandle, type LinkContent } from '../model/sealed-link.ts'

/** Seconds in both: of waiting when refused, of the next possible message when taken. */
export type Asked =
  | { ok: true; handle: string; resendAfterSeconds: number }
  | { ok: false; retryAfterSeconds: number }

/**
 * Asks for a link. The answer is the same for every address: what depends on its approval happens
 * afterwards, in the background. The budget is taken whether or not the address may sign in.
 */
export async function requestLink(deps: Deps, input: RequestLink, client: Client): Promise<Asked> {
  const { config, seals, world } = deps
  const nowMs = world.now()
  const link: LinkContent & { email: string } = {
    linkId: newLinkId(world),
    createdAtMs: nowMs,
    flow: input.channel,
    email: input.email,
    dashboardId: input.dashboardId,
    locale: input.locale,
    keyId: seals.currentKeyId,
  }
  const [handle, approval, taken] = await Promise.all([
    sealHandle(seals, { ...link, codeChallenge: input.codeChallenge }),
    deps.db.get(approvalKey(config, input.email)) as Promise<ApprovalRow | undefined>,
    takeSend(deps, input.email, link.linkId, nowMs),
  ])
  if (!taken.ok) return { ok: false, retryAfterSeconds: taken.nextAfterSeconds }

  // After the answer, whatever it comes to: its timing tells nothing of the address.
  deps.background('link_not_sent', async (after) => {
    const userId = await userIdOf(input.email)
    const refused = whyNotSent(deps, input, approval, nowMs)
    if (refused !== undefined) {
      const channel = link.flow
      return after.log.line('link_not_sent', {
        outcome: 'refused',
        channel,
        userId,
        reason: refused,
      })
    }
    const phoneNumber = link.flow === 'sms' ? smsNumber(approval) : undefined
    const asked = { userId, codeChallenge: input.codeChallenge, phoneNumber, client }
    // A transaction of one: its token tells our own retry from somebody else's row.
    await after.db.transact([{ Put: putLink(config, link, asked) }], crypto.randomUUID())
    await deliver(after, link, approval, input.deviceName)
  })
  return { ok: true, handle, resendAfterSeconds: taken.nextAfterSeconds }
}

/** SMS goes to the approval's own number or nowhere, whatever number the request names. */
function whyNotSent(
  deps: Deps,
  input: RequestLink,
  approval: ApprovalRow | undefined,
  nowMs: number,
): 'not_approved' | 'no_number' | 'other_number' | undefined {
  if (!isApproved(deps.config, input.email, approval, toSeconds(nowMs))) return 'not_approved'
  if (input.channel === 'email') return undefined
  const registered = smsNumber(approval)
  if (registered === undefined) return 'no_number'
  return (input.phoneNumber ?? registered) === registered ? undefined : 'other_number'
}
