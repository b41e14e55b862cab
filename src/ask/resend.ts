import { toSeconds } from '../base/time.ts'
import type { Deps } from '../http/deps.ts'
import { isSuperseded, type AddressRow } from '../model/address.ts'
import { approvalKey, isApproved } from '../model/approval.ts'
import { newTakeId } from '../model/budget.ts'
import { linkKey, noteSending, notSentOf, type Link, type LinkRow } from '../model/link.ts'
import { deliver } from './deliver.ts'
import { takeSendFor } from './take-send.ts'

export type Resent =
  { ok: true; resendAfterSeconds: number } | { ok: false; retryAfterSeconds: number }

/**
 * Sends the same link and code again; earlier messages stay valid. As in askForLink, every address takes the same
 * path: only the sending depends on the approval and on whether the link is unused.
 * @param link from an opened handle, not expired.
 * @param origin the Worker whose page the link opens.
 */
export async function resendLink(deps: Deps, link: Link, origin: string): Promise<Resent> {
  const { config, db, world } = deps
  const nowMs = world.now()
  const [approval, taken] = await Promise.all([
    db.get(approvalKey(config, link.email)),
    takeSendFor(deps, link.email, newTakeId(world), nowMs),
  ])
  if (!taken.ok) return { ok: false, retryAfterSeconds: taken.nextAfterSeconds }

  const about = { userId: link.userId, channel: link.flow }
  const approved = isApproved(config, link.email, approval, toSeconds(nowMs))
  deps.background(
    'link_not_sent',
    async (after) => {
      const row = await after.db.get(linkKey(config, link.linkId))
      const reason = whyNotResent(approved, link, taken.address, row)
      if (reason === undefined) {
        await deliver(after, link, approval, origin)
        if (row && notSentOf(row) !== null) {
          await after.db.update(noteSending(config, link.linkId, null))
        }
        return
      }
      after.log.line('link_not_sent', { outcome: 'refused', ...about, reason })
    },
    about,
  )
  return { ok: true, resendAfterSeconds: taken.nextAfterSeconds }
}

/** A link that can no longer open a session is not sent again. */
function whyNotResent(
  approved: boolean,
  link: Link,
  address: AddressRow,
  row: LinkRow | undefined,
): 'not_approved' | 'mail_refused' | 'superseded' | 'used' | 'unknown' | undefined {
  if (!approved) return 'not_approved'
  if (link.flow === 'email' && address.mailRefusedAt !== undefined) return 'mail_refused'
  if (isSuperseded(link, address)) return 'superseded'
  if (row === undefined) return 'unknown'
  return row.used ? 'used' : undefined
}
