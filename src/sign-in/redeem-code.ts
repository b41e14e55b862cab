import { timingSafeEqualText, encodeBase64url, sha256 } from '../base/encoding.ts'
import type { Deps } from '../http/deps.ts'
import { CODE_TRIES, takeBudget, tookBudget, userIdOf } from '../model/address.ts'
import { limitAddress, limitNetwork } from '../http/rate-limit.ts'
import { signIn, type Device, type Redeemed } from './sign-in.ts'
import { isReviewCode } from './review-account.ts'
import type { CodeGrant } from '../ask/schema.ts'
import { countAttempt, type LinkRow } from '../model/link.ts'
import { codeOf, newLinkId, openHandle } from '../model/sealed-link.ts'

/**
 * Redeems the six digits beside a link, for the device that asked. The attempt is counted before it is
 * judged: five a link, and so many a day for the person, which shuts codes and never links or sessions.
 *
 * Whatever is wrong before the code is known to be right, the answer is `unknown`: whoever asked holds the
 * verifier, so a reason would tell approved addresses from others. A right code proves the mailbox.
 */
export async function redeemCode(deps: Deps, input: CodeGrant, device: Device): Promise<Redeemed> {
  const { config, seals, world } = deps
  const unknown = { ok: false, reason: 'unknown' } as const
  const link = await openHandle(seals, input.handle)
  const codeChallenge = encodeBase64url(await sha256(device.codeVerifier))
  // The handle knows whose it is: without the verifier nothing is counted, and no request is spent.
  if (link?.email === undefined || link.codeChallenge !== codeChallenge) return unknown
  const nowMs = world.now()
  // It is good for the link's life, and as long again for this device's own retry.
  if (nowMs - link.createdAtMs > 2000 * config.LINK_TTL_SECONDS) return unknown
  await limitNetwork(deps, device.client)
  await limitAddress(deps, device.client, link.email)

  const takeId = newLinkId(world)
  const userId = await userIdOf(link.email)
  const [attempt, tries] = await Promise.all([
    deps.db.update(countAttempt(config, link.linkId, codeChallenge, takeId)),
    deps.db.update(takeBudget(config, userId, CODE_TRIES, takeId, nowMs)),
  ])
  const row = attempt.item as LinkRow | undefined
  if (row?.codeChallenge !== codeChallenge) return unknown
  const counted = attempt.ok || row.lastAttemptId === takeId
  // On a spent link a code opens nothing any more: what is left is this device's own retry.
  if (!(counted && tookBudget(tries, CODE_TRIES, takeId)) && !row.used) return unknown

  const right = await timingSafeEqualText(input.code, await codeOf(seals, link))
  const review = !right && isReviewCode(config, link.email, input.code, nowMs)
  if (!right && !review) return unknown
  if (review) deps.log.line('review_account_used', { outcome: 'ok', userId })
  return signIn(deps, { ...link, email: link.email }, device, [link.flow, 'otp'])
}
