import type { Caller } from '../base/caller.ts'
import { deviceKeyOf } from '../base/device-key.ts'
import { codeChallengeOf, fromUtf8, utf8 } from '../base/encoding.ts'
import { addSeconds, latest, toSeconds } from '../base/time.ts'
import type { Amr, SessionClaims } from '../crypto/session-claims.ts'
import { signSessionJwt, verifySessionJwt } from '../crypto/session-jwt.ts'
import type { Deps } from '../http/deps.ts'
import type { IssuedSession } from '../http/token-endpoint.ts'
import { addressIdOf, advance } from '../model/address.ts'
import { requireApproval } from '../model/approval.ts'
import { burnLink, type Link } from '../model/link.ts'
import { judgeSession, readSessionRows } from '../model/live-session.ts'
import { sessionIdOf } from '../model/sealed-link.ts'
import { openSession } from '../model/session.ts'
import { tellOfNewDevice } from './new-device-mail.ts'
import { explainRefusal, type SignInRefusal } from './refusal.ts'

export type SignedIn = ({ ok: true } & IssuedSession) | { ok: false; reason: SignInRefusal }

/** The device that signs in, to which the session will be bound. */
export type Device = {
  deviceId: string
  deviceName?: string | undefined
  codeVerifier: string
  /** Thumbprint of the key in the request's DPoP proof (RFC 9449). */
  jkt?: string | undefined
  caller: Caller
}

/**
 * The sign-in. One transaction burns the link, requires the approval, spends all older links of the person, ends the
 * device's older sessions and opens the new one. If any condition fails, it changes nothing.
 */
export async function signIn(
  deps: Deps,
  link: Link,
  device: Device,
  amr: Amr[],
): Promise<SignedIn> {
  const { config, db, seals, world } = deps
  const nowMs = world.now()
  const now = toSeconds(nowMs)
  const [addressId, sessionId, codeChallenge, deviceKey] = await Promise.all([
    addressIdOf(link.email),
    sessionIdOf(seals, link),
    codeChallengeOf(device.codeVerifier),
    deviceKeyOf(device.deviceId),
  ])
  const session: SessionClaims = {
    sessionId,
    userId: link.userId,
    email: link.email,
    deviceId: device.deviceId,
    deviceKey,
    generation: 0,
    amr,
    // The clock of the Worker that made the link may be ahead of this one. An earlier sign-out everywhere must not
    // end this session, so it opens no earlier than its link.
    openedAtMs: latest(nowMs, link.createdAtMs),
    jkt: device.jkt,
  }
  const expiresAt = addSeconds(now, config.SESSION_TTL_SECONDS)
  const sessionJwt = await signSessionJwt(config, seals, session, expiresAt, now)
  const { dashboardId } = link
  const how = {
    sealedJwt: await seals.seal('session-jwt', utf8(sessionJwt)),
    deviceName: device.deviceName,
    sourceFlow: link.flow,
    dashboardId,
    caller: device.caller,
  }
  const claim = {
    linkId: link.linkId,
    userId: link.userId,
    codeChallenge,
    deviceId: device.deviceId,
  }
  const { refused } = await db.transact({
    link: burnLink(config, claim, now),
    approval: requireApproval(config, link.email, now),
    address: advance(config, addressId, session, link.createdAtMs, amr.includes('otp')),
    session: openSession(config, session, how, now),
  })
  if (refused === undefined) {
    tellOfNewDevice(deps, link, session, device.deviceName)
    return { ok: true, session, sessionJwt, expiresAt, dashboardId }
  }

  const reason = explainRefusal(refused, claim, now)
  return reason === 'used_by_this_device' ? repeatAnswer(deps, session) : { ok: false, reason }
}

/**
 * Gives a device that already used its link the same response again, because the first one may have been lost. It
 * does so while the session is live, has the same key and was never refreshed. It takes one more round trip, because
 * the refused transaction does not return the session's own row.
 */
async function repeatAnswer(
  { config, db, seals, world }: Deps,
  wanted: SessionClaims,
): Promise<SignedIn> {
  const nowMs = world.now()
  const rows = await readSessionRows(db, config, wanted)
  const verdict = judgeSession(config, rows, wanted, nowMs)
  if (!verdict.ok) {
    return { ok: false, reason: verdict.reason === 'not_approved' ? 'not_approved' : 'used' }
  }
  const row = verdict.session
  const opened = await seals.open('session-jwt', row.sessionJWT)
  if (row.generation !== 0 || row.dpopJkt !== wanted.jkt || opened === null) {
    return { ok: false, reason: 'used' }
  }
  const sessionJwt = fromUtf8(opened.bytes)
  const session = await verifySessionJwt(config, seals, sessionJwt, nowMs)
  if (session === null) return { ok: false, reason: 'used' }
  const { dashboardId } = row.metadata
  return { ok: true, session, sessionJwt, expiresAt: row.expiresAt, dashboardId }
}
