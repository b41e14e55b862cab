import type { UnixSeconds } from '../base/time.ts'
import type { Refused } from '../dynamo/db.ts'
import type { advance } from '../model/address.ts'
import type { requireApproval } from '../model/approval.ts'
import { whyNotBurnable, type burnLink, type LinkClaim, type LinkRefusal } from '../model/link.ts'
import type { openSession } from '../model/session.ts'

/** Why a link or a code opens no session. The log contains all of these reasons. */
export type SignInRefusal =
  LinkRefusal | 'superseded' | 'not_approved' | 'wrong_code' | 'too_many_tries' | 'rate_limited'

/**
 * The `latchkey_reason` of each reason; null means none. No reason is told before the code is known to be correct:
 * the caller chose the address and has the verifier, so a reason would reveal whether the address is approved. A new
 * reason does not compile without an entry here.
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

/** The parts of the sign-in transaction. */
type SignInParts = {
  link: ReturnType<typeof burnLink>
  approval: ReturnType<typeof requireApproval>
  address: ReturnType<typeof advance>
  session: ReturnType<typeof openSession>
}

/**
 * The reason for a refused transaction, from the rows that its conditions saw. A reason from the link comes first.
 */
export function explainRefusal(
  refused: Refused<SignInParts>,
  claim: LinkClaim,
  now: UnixSeconds,
): SignInRefusal {
  if (refused.link) return whyNotBurnable(refused.link.row, claim, now) ?? 'unknown'
  if (refused.approval) return 'not_approved'
  return refused.address ? 'superseded' : 'used'
}
