import { approvalKey, isApproved, type ApprovalRow } from '../model/approval.ts'
import type { Deps } from '../http/deps.ts'
import { toSeconds } from '../base/world.ts'
import { takeSend } from './budget.ts'
import { deliver } from './deliver.ts'
import { linkKey, type LinkRow } from '../model/link.ts'
import { newLinkId, type LinkContent } from '../model/sealed-link.ts'

export type Resent =
  { ok: true; resendAfterSeconds: number } | { ok: false; retryAfterSeconds: number }

/**
 * Sends the same link and code again; earlier messages stay good. Like asking, one wave and one answer for
 * every address; whether the link still exists unused is looked at afterwards.
 * @param link of a handle that was opened and has not run out.
 */
export async function resendLink(
  deps: Deps,
  link: LinkContent & { email: string },
): Promise<Resent> {
  const nowMs = deps.world.now()
  const [approval, taken] = await Promise.all([
    deps.db.get(approvalKey(deps.config, link.email)) as Promise<ApprovalRow | undefined>,
    takeSend(deps, link.email, newLinkId(deps.world), nowMs),
  ])
  if (!taken.ok) return { ok: false, retryAfterSeconds: taken.nextAfterSeconds }

  if (isApproved(deps.config, link.email, approval, toSeconds(nowMs))) {
    deps.background('link_not_sent', async (after) => {
      const row = (await after.db.get(linkKey(after.config, link.linkId))) as LinkRow | undefined
      if (row?.used === false) await deliver(after, link, approval)
    })
  }
  return { ok: true, resendAfterSeconds: taken.nextAfterSeconds }
}
