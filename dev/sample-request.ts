import { parseSealKeys } from '../src/base/key-rings.ts'
import { unixMs, unixSeconds } from '../src/base/time.ts'
import { realWorld } from '../src/base/world.ts'
import { createSeals } from '../src/crypto/seal.ts'
import {
  REQUEST_TTL_SECONDS,
  requestIdOf,
  type AccessRequestRow,
} from '../src/model/access-request.ts'
import { newLinkId, newUserId, sealHandle } from '../src/model/sealed-link.ts'

const DAY = 86_400

/**
 * An access request that waits, so that the console's queue shows something. No device waits for it: an approval sends the
 * link to the inbox, but nobody has its code verifier.
 * @param now Unix seconds.
 * @param sealKeys SEAL_KEYS: an approval opens what is sealed here.
 * @returns the row, or null when the keys are wrong, which the Worker says itself.
 */
export async function sampleRequest(
  now: number,
  sealKeys: string | undefined,
): Promise<AccessRequestRow | null> {
  const keys = parseSealKeys(sealKeys ?? '')
  if (keys === null) return null
  const seals = await createSeals(keys, realWorld)
  const email = 'grace@example.net'
  const askedAt = now - 3600
  const linkId = newLinkId(realWorld)
  const flow = 'email'
  const sealedLink = await sealHandle(seals, {
    linkId,
    createdAtMs: unixMs(askedAt * 1000),
    flow,
    userId: newUserId(realWorld),
    email,
    locale: 'en',
    codeChallenge: 'sampleSampleSampleSampleSampleSampleSample0',
    keyId: seals.currentKeyId,
  })
  return {
    tokenId: await requestIdOf(email),
    tokenType: 'access_request',
    userId: 'access_requests',
    email,
    createdAt: unixSeconds(now - 2 * DAY),
    askedAt: unixSeconds(askedAt),
    expiresAt: unixSeconds(askedAt + REQUEST_TTL_SECONDS),
    asks: 3,
    lastLinkId: linkId,
    sealedLink,
    deviceName: 'Pixel of Grace',
    metadata: { sourceFlow: flow, ipAddress: '192.0.2.55', userAgent: 'MobileDashboard/1.0' },
  }
}
