import { codeChallengeOf, timingSafeEqualText } from '../base/encoding.ts'
import type { Deps } from '../http/deps.ts'
import { addressWithinLimit, networkWithinLimit } from '../http/rate-limit.ts'
import { isYoung } from '../model/access-request.ts'
import { addressIdOf, takeCodeTry } from '../model/address.ts'
import { CODE_TRIES, newTakeId, tookBudget } from '../model/budget.ts'
import { countAttempt } from '../model/link.ts'
import { codeOf, openHandle, type LinkContent } from '../model/sealed-link.ts'
import { followRequest } from './follow-request.ts'
import { isReviewCode } from './review-account.ts'
import type { CodeParameters } from './schema.ts'
import { signIn, type Device, type SignedIn } from './sign-in.ts'

/**
 * Redeems the six digits of a link, for the device that asked. The try is counted before the code is compared: five
 * per link, and ten a day per person. The daily limit stops codes, but neither links nor sessions. An address that
 * may not sign in also has a link row, so its tries take the same path and the same time.
 */
export async function redeemCode(
  deps: Deps,
  input: CodeParameters,
  device: Device,
): Promise<SignedIn> {
  const { config, db, seals, world } = deps
  const asked = await openHandle(seals, input.handle)
  const codeChallenge = await codeChallengeOf(device.codeVerifier)
  // The handle contains the asking device's challenge. Without the matching verifier, nothing is counted or
  // requested.
  if (asked?.email === undefined) return refuse('unknown')
  if (asked.codeChallenge !== codeChallenge) return refuse('unknown')
  const { email } = asked
  const nowMs = world.now()
  // A code is valid as long as its link. The device that used it may repeat its request for the same time again.
  const isOld = ({ createdAtMs }: LinkContent) =>
    nowMs - createdAtMs > 2000 * config.LINK_TTL_SECONDS
  const mayHaveNewLink = config.ACCESS_REQUESTS === 'on' && !isYoung(config, asked, nowMs)
  if (isOld(asked) && !mayHaveNewLink) return refuse('unknown')
  if (!(await networkWithinLimit(deps, device.caller))) return refuse('rate_limited')
  if (!(await addressWithinLimit(deps, device.caller, email))) return refuse('rate_limited')
  const link = mayHaveNewLink ? await followRequest(deps, { ...asked, email }) : asked
  const { userId } = link
  if (userId === undefined || isOld(link)) return refuse('unknown')

  const takeId = newTakeId(world)
  const addressId = await addressIdOf(email)
  const [attempt, tries] = await Promise.all([
    db.update(countAttempt(config, link.linkId, codeChallenge, takeId)),
    db.update(takeCodeTry(config, addressId, takeId, nowMs)),
  ])
  const row = attempt.row
  if (row?.codeChallenge !== codeChallenge) return refuse('unknown')
  const counted = attempt.ok || row.lastAttemptId === takeId
  // A used link opens no other session. A try that was not counted can then only succeed as a repeated request of the
  // same device.
  if (!(counted && tookBudget(tries, CODE_TRIES, takeId)) && !row.used) {
    return refuse('too_many_tries')
  }
  const right = await timingSafeEqualText(input.code, await codeOf(seals, link))
  const review = !right && isReviewCode(config, email, input.code, nowMs)
  if (!right && !review) return refuse('wrong_code')
  const signedIn = await signIn(deps, { ...link, email, userId }, device, [link.flow, 'otp'])
  if (review) {
    deps.log.line('review_account_used', { outcome: signedIn.ok ? 'ok' : 'refused', userId })
  }
  return signedIn
}

const refuse = (reason: (SignedIn & { ok: false })['reason']): SignedIn => ({ ok: false, reason })
