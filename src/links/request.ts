import { mailboxOf } from '../address.ts'
import { approvalKey, isApproved, type ApprovalRow } from '../approvals/store.ts'
import type { Client, Deps } from '../deps.ts'
import { sendRetryAfter, SEND_COOLDOWN_SECONDS, takeSend, userIdOf } from '../users/store.ts'
import { toSeconds } from '../world.ts'
import { deliver } from './deliver.ts'
import type { RequestLink } from './schema.ts'
import { putLink } from './store.ts'
import { newLinkId, sealHandle, type LinkContent } from './token.ts'

/** Messages to one person in any hour, over every channel. */
const SENDS_PER_HOUR = 5

export type Asked = { ok: true; handle: string } | { ok: false; retryAfterSeconds: number }

/**
 * Asks for a link. The answer is the same for every address: what depends on its approval happens
 * afterwards, in the background. The budget is taken whether or not the address may sign in.
 */
export async function requestLink(deps: Deps, input: RequestLink, client: Client): Promise<Asked> {
  const nowMs = deps.world.now()
  const link: LinkContent & { email: string } = {
    linkId: newLinkId(deps.world),
    createdAtMs: nowMs,
    flow: input.channel,
    email: input.email,
    dashboardId: input.dashboardId,
    locale: input.locale,
    keyId: deps.seals.currentKeyId,
  }
  const [handle, approval, budget] = await Promise.all([
    sealHandle(deps.seals, link),
    deps.db.get(approvalKey(deps.config, input.email)) as Promise<ApprovalRow | undefined>,
    takeBudget(deps, input.email, link.linkId, nowMs),
  ])
  if (!budget.ok) return budget

  if (mayReceive(deps, input, approval, nowMs)) {
    deps.background('link_not_sent', async (after) => {
      const userId = await userIdOf(input.email)
      const phoneNumber = link.flow === 'sms' ? (approval?.phoneNumber ?? undefined) : undefined
      const asked = { userId, codeChallenge: input.codeChallenge, phoneNumber, client }
      // A transaction of one: its token tells our own retry from somebody else's row.
      await after.db.transact([{ Put: putLink(after.config, link, asked) }], crypto.randomUUID())
      await deliver(after, link, approval, input.deviceName)
    })
  }
  return { ok: true, handle }
}

/** SMS goes to the approval's own number or nowhere, whatever number the request names. */
function mayReceive(
  deps: Deps,
  input: RequestLink,
  approval: ApprovalRow | undefined,
  nowMs: number,
): boolean {
  if (!isApproved(deps.config, input.email, approval, toSeconds(nowMs))) return false
  if (input.channel === 'email') return true
  const registered = approval?.phoneNumber
  return registered != null && (input.phoneNumber ?? registered) === registered
}

/** One message from the person's budget. @param sendId this try's own name: a retry must not pay twice. */
export async function takeBudget(
  deps: Deps,
  email: string,
  sendId: string,
  nowMs: number,
): Promise<{ ok: true } | { ok: false; retryAfterSeconds: number }> {
  const rowId = await userIdOf(mailboxOf(email))
  const taken = await deps.db.update(
    takeSend(deps.config, rowId, SENDS_PER_HOUR, SEND_COOLDOWN_SECONDS, sendId, nowMs),
  )
  if (taken.ok || taken.item?.['lastSendId'] === sendId) return { ok: true }
  const retryAfterSeconds = sendRetryAfter(taken.item, SENDS_PER_HOUR, SEND_COOLDOWN_SECONDS, nowMs)
  return { ok: false, retryAfterSeconds }
}
