import { requireApproval } from '../approvals/store.ts'
import { encodeBase64url, fromUtf8, sha256, utf8 } from '../crypto/encoding.ts'
import { signSessionJwt, type Amr, type SessionClaims } from '../crypto/jwt.ts'
import type { Client, Deps } from '../deps.ts'
import type { TransactVerdict } from '../dynamo/db.ts'
import { endedWithAll } from '../sessions/judge.ts'
import { replaceOlder } from '../sessions/revoke.ts'
import { openSession, type SessionRow } from '../sessions/store.ts'
import { advanceLinks, userIdOf, type UserRow } from '../users/store.ts'
import type { Granted } from '../token/grant.ts'
import { toSeconds } from '../world.ts'
import type { LinkGrant } from './schema.ts'
import { burnLink, linkKey, type LinkRow } from './store.ts'
import { openHandle, openLink, sessionIdOf, type LinkContent } from './token.ts'

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
    openedAtMs: nowMs,
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
      { Put: openSession(config, opening, nowMs) },
    ],
    crypto.randomUUID(),
  )
  if (verdict.ok) {
    replaceOlder(deps, session)
    return { ok: true, session, sessionJwt, expiresAt, dashboardId: link.dashboardId }
  }

  const why = explainRefusal(verdict, { ...device, codeChallenge }, now)
  if ('reason' in why) return { ok: false, reason: why.reason }
  return repeat(deps, why.again, session, link.dashboardId)
}

/**
 * What a refused transaction means, from the rows that its conditions saw: either a reason, or the
 * session that this very device opened before and whose answer it lost.
 */
export function explainRefusal(
  verdict: Extract<TransactVerdict, { ok: false }>,
  device: { deviceId: string; jkt?: string | undefined; codeChallenge: string },
  nowSeconds: number,
): { reason: Refusal } | { again: SessionRow } {
  const [burn, approval, user, session] = verdict.reasons
  if (burn?.failed) {
    const link = burn.item as LinkRow | undefined
    if (link?.codeChallenge !== device.codeChallenge) return { reason: 'unknown' }
    if (link.used) {
      const row = session?.item as SessionRow | undefined
      const same =
        row !== undefined && link.deviceId === device.deviceId && row.dpopJkt === device.jkt
      const fresh =
        same &&
        row.generation === 0 &&
        row.revokedAt === undefined &&
        row.expiresAt > nowSeconds &&
        !endedWithAll({ ...row, sessionId: row.tokenId }, user?.item as UserRow | undefined)
      if (!fresh) return { reason: 'used' }
      return approval?.failed ? { reason: 'not_approved' } : { again: row }
    }
    return { reason: link.expiresAt <= nowSeconds ? 'expired' : 'unknown' }
  }
  if (approval?.failed) return { reason: 'not_approved' }
  return { reason: user?.failed ? 'superseded' : 'used' }
}

/** The same answer again: the session JWT as the row keeps it. */
async function repeat(
  deps: Deps,
  row: SessionRow,
  session: SessionClaims,
  dashboardId: string | undefined,
): Promise<Redeemed> {
  const opened = await deps.seals.open('session-jwt', row.sessionJWT)
  if (opened === null) return { ok: false, reason: 'used' }
  const again = { ...session, openedAtMs: row.openedAtMs }
  // The first try may have ended before it came to this.
  replaceOlder(deps, again)
  return {
    ok: true,
    session: again,
    sessionJwt: fromUtf8(opened.bytes),
    expiresAt: row.expiresAt,
    dashboardId,
  }
}
