import { requireApproval } from '../model/approval.ts'
import { encodeBase64url, fromUtf8, sha256, utf8 } from '../base/encoding.ts'
import { signSessionJwt, verifySessionJwt, type Amr, type SessionClaims } from '../crypto/jwt.ts'
import type { Client, Deps } from '../http/deps.ts'
import type { TransactVerdict } from '../dynamo/db.ts'
import { readSessionRows } from '../session/authenticate.ts'
import { judgeSession } from '../model/judge.ts'
import { replaceOlder } from '../session/end.ts'
import { openSession } from '../model/session.ts'
import { advanceLinks, userIdOf } from '../model/address.ts'
import type { Granted } from '../http/grant.ts'
import { toSeconds } from '../base/world.ts'
import type { LinkGrant } from '../ask/schema.ts'
import { burnLink, linkKey, type LinkRow } from '../model/link.ts'
import { openHandle, openLink, sessionIdOf, type LinkContent } from '../model/sealed-link.ts'

/** Why a link opens no session. All but `unknown` are told only to the holder of its verifier. */
export type Refusal = 'unknown' | 'used' | 'expired' | 'superseded' | 'not_approved'

export type Redeemed = ({ ok: true } & Granted) | { ok: false; reason: Refusal }

/** Who redeems: what the session will be bound to. */
export type Device = {
  deviceId: string
  deviceName?: string | undefined
  codeVerifier: string
  /** Thumbprint of the key that proved itself with this request (RFC 9449). */
  jkt?: string | undefined
  client: Client
}

type Addressed = LinkContent & { email: string }

/** Redeems a link's token. A forged one is refused here, with no DynamoDB request. */
export async function redeemLink(deps: Deps, input: LinkGrant, device: Device): Promise<Redeemed> {
  const link = await openLink(deps.seals, input.link_token)
  if (link === null) return { ok: false, reason: 'unknown' }
  const addressed = await address(deps, link, input.handle)
  if (addressed === null) return { ok: false, reason: 'unknown' }
  return signIn(deps, addressed, device, [link.flow])
}

/** An SMS link has no room for its address: the app's handle has it, and else the row, one request more. */
async function address(
  deps: Deps,
  link: LinkContent,
  handle: string | undefined,
): Promise<Addressed | null> {
  if (link.email !== undefined) return { ...link, email: link.email }
  const known = handle === undefined ? null : await openHandle(deps.seals, handle)
  if (known?.linkId === link.linkId && known.email !== undefined) {
    return { ...known, email: known.email }
  }
  const row = (await deps.db.get(linkKey(deps.config, link.linkId))) as LinkRow | undefined
  if (row?.tokenType !== 'magic_link') return null
  return { ...link, email: row.email, dashboardId: row.metadata.dashboardId }
}

/**
 * The sign-in: one transaction burns the link, requires the approval, spends all older links of the
 * person and opens the session, or does nothing at all.
 */
export async function signIn(
  deps: Deps,
  link: Addressed,
  device: Device,
  amr: Amr[],
): Promise<Redeemed> {
  const { config, seals, keys, world } = deps
  const nowMs = world.now()
  const now = toSeconds(nowMs)
  const [userId, sessionId, challenge] = await Promise.all([
    userIdOf(link.email),
    sessionIdOf(seals, link),
    sha256(device.codeVerifier),
  ])
  const codeChallenge = encodeBase64url(challenge)
  const session: SessionClaims = {
    sessionId,
    userId,
    email: link.email,
    deviceId: device.deviceId,
    generation: 0,
    amr,
    // Never before the link, whose Worker's clock may be ahead of this one's: a sign-out everywhere that came
    // before the link must not end this session.
    openedAtMs: Math.max(nowMs, link.createdAtMs),
    jkt: device.jkt,
  }
  const expiresAt = now + config.SESSION_TTL_SECONDS
  const sessionJwt = await signSessionJwt(config, keys, session, expiresAt, now)
  const opening = {
    ...session,
    deviceName: device.deviceName,
    dpopJkt: device.jkt,
    sealedJwt: await seals.seal('session-jwt', utf8(sessionJwt)),
    sourceFlow: link.flow,
    dashboardId: link.dashboardId,
    client: device.client,
  }
  const verdict = await deps.db.transact(
    [
      {
        Update: burnLink(
          config,
          { linkId: link.linkId, userId, codeChallenge },
          device.deviceId,
          now,
        ),
      },
      { ConditionCheck: requireApproval(config, link.email, now) },
      { Update: advanceLinks(config, userId, link.createdAtMs, amr.includes('otp'), nowMs) },
      { Put: openSession(config, opening, now) },
    ],
    crypto.randomUUID(),
  )
  if (verdict.ok) {
    replaceOlder(deps, session)
    return { ok: true, session, sessionJwt, expiresAt, dashboardId: link.dashboardId }
  }

  const why = explainRefusal(verdict, { ...device, codeChallenge }, now)
  if (why !== 'again') return { ok: false, reason: why }
  return repeat(deps, session, device.jkt, link.dashboardId)
}

/**
 * What a refused transaction means, from the rows that its conditions saw: a reason, or `again` when this
 * very device has spent the link before and may have lost the answer.
 */
export function explainRefusal(
  verdict: Extract<TransactVerdict, { ok: false }>,
  device: { deviceId: string; codeChallenge: string },
  nowSeconds: number,
): Refusal | 'again' {
  const [burn, approval, user] = verdict.reasons
  if (burn?.failed) {
    const link = burn.item as LinkRow | undefined
    if (link?.codeChallenge !== device.codeChallenge) return 'unknown'
    if (link.used) return link.deviceId === device.deviceId ? 'again' : 'used'
    return link.expiresAt <= nowSeconds ? 'expired' : 'unknown'
  }
  if (approval?.failed) return 'not_approved'
  return user?.failed ? 'superseded' : 'used'
}

/**
 * The same answer again, while the session lives and was never refreshed: the session JWT as its row keeps
 * it. A second round trip, for the one case in which rows must be judged that the transaction need not show.
 */
async function repeat(
  deps: Deps,
  session: SessionClaims,
  jkt: string | undefined,
  dashboardId: string | undefined,
): Promise<Redeemed> {
  const { config, keys, seals, world } = deps
  const rows = await readSessionRows(deps, session)
  const nowMs = world.now()
  const verdict = judgeSession(config, rows, nowMs)
  if (!verdict.ok) {
    return { ok: false, reason: verdict.reason === 'not_approved' ? 'not_approved' : 'used' }
  }
  const row = verdict.session
  const opened = await seals.open('session-jwt', row.sessionJWT)
  if (row.generation !== 0 || row.dpopJkt !== jkt || opened === null) {
    return { ok: false, reason: 'used' }
  }
  const sessionJwt = fromUtf8(opened.bytes)
  const again = await verifySessionJwt(config, keys, sessionJwt, nowMs)
  if (again === null) return { ok: false, reason: 'used' }
  // The first try may have ended before it came to this.
  replaceOlder(deps, again)
  return { ok: true, session: again, sessionJwt, expiresAt: row.expiresAt, dashboardId }
}
