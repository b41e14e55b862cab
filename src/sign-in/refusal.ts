import type { UnixSeconds } from '../base/time.ts'
import type { Refused } from '../dynamo/db.ts'
import type { advance } from '../model/address.ts'
import type { requireApproval } from '../model/approval.ts'
import { whyNotBurnable, type burnLink, type LinkClaim, type LinkRefusal } from '../model/link.ts'
import type { openSession } from '../model/session.ts'

/** Why a link or a code opens no session. The log is told all of them. */
export type SignInRefusal =
  LinkRefusal | 'superseded' | 'not_approved' | 'wrong_code' | 'too_many_tries' | 'rate_limited'

/**
 * What the caller is told of each reason, as `latchkey_reason`; null is nothing. Before the code is known to be
 * right, nothing is told: the caller chose the address and holds the verifier, so a reason would tell whether
 * the address is approved. A new reason does not compile until it stands here.
 */
export const TOLD: Record<
  SignInRefusal,
  'used' | 'expired' | 'superseded' | 'not_approved' | null
> = {
  unknown: null,
  wrong_code: null,
  too_many_tries: null,
  rate_limited: null,
  used: 'used',
  used_by_this_device: 'used',
  expired: 'expired',
  superseded: 'superseded',
  not_approved: 'not_approved',
}

/** The parts of the sign-in's transaction. */
type SignInParts = {
  link: ReturnType<typeof burnLink>
  approval: ReturnType<typeof requireApproval>
  address: ReturnType<typeof advance>
  session: ReturnType<typeof openSession>
}

/** What a refused transaction means, from the rows that its conditions saw. The link's own refusal comes first. */
export function explainRefusal(
  refused: Refused<SignInParts>,
  claim: LinkClaim,
  now: UnixSeconds,
): SignInRefusal {
  if (refused.link) return whyNotBurnable(refused.link.row, claim, now) ?? 'unknown'
  if (refused.approval) return 'not_approved'
  return refused.address ? 'superseded' : 'used'
}
