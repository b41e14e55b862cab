import { deliver } from '../../ask/deliver.ts'
import { addSeconds, toSeconds, type UnixMs } from '../../base/time.ts'
import {
  decideRequest,
  isWaiting,
  isYoung,
  type AccessRequestRow,
} from '../../model/access-request.ts'
import { addressIdOf, addressKey } from '../../model/address.ts'
import { keepIdentity } from '../../model/address-by-admin.ts'
import { isApproved, type ApprovalRow } from '../../model/approval.ts'
import {
  contentOf,
  replaceApproval,
  rowAfter,
  type ApprovalContent,
} from '../../model/approval-change.ts'
import { whyNotChange, type ChangeRefusal } from '../../model/approval-rules.ts'
import { newAuditId, putAudit } from '../../model/audit.ts'
import {
  claimSending,
  linkKey,
  noteSending,
  notSentOf,
  putLink,
  type Link,
} from '../../model/link.ts'
import { newLinkId, openHandle, sealHandle } from '../../model/sealed-link.ts'
import { actorFields, actorId, actorRefused, liveActorParts, type Actor } from '../actor.ts'
import { described, editorOf } from '../approvals/change.ts'
import type { ConsoleDeps } from '../deps.ts'
import { grantedWords } from './granted.ts'
import { readRequest, TRIES, type RequestRows } from './read.ts'

/**
 * `absent`: the address has no waiting request. `decided`: somebody else has already decided it. `not_approved`: the
 * caller only wanted to send the link, and the address may not sign in. `actor`: the caller's session has ended. `busy`:
 * other writers changed the rows during every try.
 */
export type DecisionRefusal = ChangeRefusal | 'decided' | 'not_approved' | 'actor' | 'busy'

/**
 * @property linkSent false if the sealing key of the request is no longer in the ring, and for a repeated call whose link was
 * sent already.
 */
export type Approved =
  | { ok: true; approval: ApprovalRow | undefined; linkSent: boolean }
  | { ok: false; reason: DecisionRefusal }

/**
 * Approves an address that made a request. One transaction approves it, by the rules of every approval, writes the
 * audit row, takes the request out of the queue, keeps the identity that the link is for, and, if the requested link is
 * too old, writes a new link for the same device. Then the link is sent by email, even if the person asked for an SMS,
 * because the link proves who owns the mailbox. It does not use the message budget, because nobody asked for a message.
 *
 * Two round trips: the rows, which the caller has read, and the transaction. For a repeat, the second one reads the link.
 * @param content null if the address is already approved, and the caller only wants to send the link.
 */
export async function approveRequest(
  deps: ConsoleDeps,
  actor: Actor,
  email: string,
  read: RequestRows,
  content: ApprovalContent | null,
): Promise<Approved> {
  const { config, db, seals, world, log } = deps
  const addressId = await addressIdOf(email)
  let rows = read
  let userId: string | undefined
  for (let tries = 1; tries <= TRIES; tries++) {
    const nowMs = world.now()
    const now = toSeconds(nowMs)
    const { request, approval } = rows
    if (request === undefined || !isWaiting(request, now)) return notWaiting(deps, actor, rows)
    // Restoring an approval is a separate decision, and it ends the old sessions.
    if (approval?.revokedAt != null) return { ok: false, reason: 'withdrawn' }
    const change = { action: 'approve', content: content ?? contentOf(approval) } as const
    const refusal = whyNotChange(
      config,
      email,
      approval,
      change,
      editorOf(config, actor, nowMs),
      now,
    )
    // Somebody has approved the address since it asked. What remains is to send the link to the waiting device.
    const already =
      refusal === 'already_approved' ||
      (content === null && refusal === null && isApproved(config, email, approval, now))
    if (content === null && !already && (refusal === null || refusal === 'past_end')) {
      return { ok: false, reason: 'not_approved' }
    }
    if (refusal !== null && !already) return { ok: false, reason: refusal }
    const after = already ? approval : rowAfter(email, approval, change, actor.name, now)
    const sent = await linkToSend(deps, request, nowMs, userId)
    const auditId = newAuditId(world)
    const { refused } = await db.transact({
      approval:
        already || after === undefined ? undefined : replaceApproval(config, approval, after),
      request: decideRequest(
        config,
        request,
        {
          decided: 'approved',
          by: actorId(actor),
          ...(sent === null
            ? {}
            : {
                sent: {
                  sealedLink: await sealHandle(seals, sent.link),
                  expiresAt: addSeconds(now, 2 * config.LINK_TTL_SECONDS),
                },
              }),
        },
        now,
      ),
      address: sent === null ? undefined : keepIdentity(config, addressId, sent.link.userId, nowMs),
      link:
        sent?.fresh === true
          ? putLink(config, sent.link, { caller: callerOf(request), notSent: 'not_approved' })
          : undefined,
      audit: putAudit(
        config,
        auditId,
        {
          email,
          action: 'request_approved',
          by: actor.name,
          reason: content?.reason ?? undefined,
          before: approval === undefined ? null : described(approval),
          after: after === undefined ? null : described(after),
        },
        nowMs,
      ),
      ...(await liveActorParts(config, actor, nowMs)),
    })
    if (refused === undefined) {
      log.event('request_approved', { outcome: 'ok', ...actorFields(actor), auditId })
      if (sent !== null) sendLink(deps, sent.link, after, request.deviceName)
      return { ok: true, approval: after, linkSent: sent !== null }
    }
    if (actorRefused(refused)) return { ok: false, reason: 'actor' }
    // The address has a new user id since it asked. The new link is for that user id.
    if (refused.address) userId = refused.address.row?.userId
    if (refused.approval ?? refused.request) rows = await readRequest(deps, email)
  }
  return { ok: false, reason: 'busy' }
}

/**
 * A caller who repeats an approval after a lost response gets the same response. The link is sent now if it was not sent
 * before: because no response said that the decision was written, or because the sending service refused the message.
 */
async function notWaiting(
  deps: ConsoleDeps,
  actor: Actor,
  { request, approval }: RequestRows,
): Promise<Approved> {
  const { config, db, seals, world } = deps
  if (request?.decided === undefined) return { ok: false, reason: 'absent' }
  if (request.decided !== 'approved' || request.decidedBy !== actorId(actor)) {
    return { ok: false, reason: 'decided' }
  }
  const now = toSeconds(world.now())
  const { email } = request
  const link = await openHandle(seals, request.sealedLink)
  const row = link === null ? undefined : await db.get(linkKey(config, link.linkId))
  const unsent = row !== undefined && notSentOf(row) !== null && !row.used && row.expiresAt > now
  const linkSent = unsent && isApproved(config, email, approval, now)
  if (linkSent) {
    sendLink(deps, { ...link!, email, userId: row.userId }, approval, request.deviceName)
  }
  return { ok: true, approval, linkSent }
}

const callerOf = ({ metadata: { ipAddress, userAgent } }: AccessRequestRow) => ({
  ipAddress,
  userAgent,
})

/**
 * The requested link if it is recent, so that the code in the message matches the handle that the device has.
 * Otherwise a new link with the same challenge, which the server finds by the handle (see followRequest). The new link
 * has a new id: a link opens at most one session only because no link row is ever written again.
 * @param userId the address's user id, if it changed since the ask.
 * @returns null if the sealing key of the request is no longer in the ring.
 */
async function linkToSend(
  { config, seals, world }: ConsoleDeps,
  request: AccessRequestRow,
  nowMs: UnixMs,
  userId: string | undefined,
): Promise<{ link: Link & { codeChallenge: string }; fresh: boolean } | null> {
  const asked = await openHandle(seals, request.sealedLink)
  if (asked?.userId === undefined || asked.codeChallenge === undefined) return null
  const link = {
    ...asked,
    email: request.email,
    userId: userId ?? asked.userId,
    codeChallenge: asked.codeChallenge,
    flow: 'email' as const,
  }
  if (isYoung(config, asked, nowMs) && link.userId === asked.userId) return { link, fresh: false }
  const fresh = { linkId: newLinkId(world), createdAtMs: nowMs, keyId: seals.currentKeyId }
  return { link: { ...link, ...fresh }, fresh: true }
}

function sendLink(
  deps: ConsoleDeps,
  link: Link,
  approval: ApprovalRow | undefined,
  deviceName: string | undefined,
): void {
  deps.background('link_not_sent', async (after) => {
    const { config, db } = after
    const { linkId } = link
    const address = await db.get(addressKey(config, await addressIdOf(link.email)))
    if (address?.mailRefusedAt !== undefined) {
      const reason = 'mail_refused'
      await db.update(noteSending(config, linkId, reason))
      after.log.line('link_not_sent', { outcome: 'refused', userId: link.userId, reason })
      return
    }
    // If no response says whether the claim was written, a second email is better than none.
    const claimed = await db.transact({ link: claimSending(config, linkId) }).catch(() => ({}))
    if ('refused' in claimed) return
    const granted = grantedWords(config.APP_NAME, link.locale, approval?.expiresAt)
    await deliver(after, link, approval, config.ISSUER, deviceName, granted)
  })
}
