import type { Caller } from '../base/caller.ts'
import type { Config } from '../base/config.ts'
import { addSeconds, toSeconds, type UnixSeconds } from '../base/time.ts'
import type { Key, Put, Update } from '../dynamo/db.ts'
import type { LinkContent } from './sealed-link.ts'

/** A link's row. Every ask writes one, whether or not the address may sign in. */
export type LinkRow = {
  tokenId: string
  tokenType: 'magic_link'
  email: string
  phoneNumber?: string | undefined
  userId: string
  deviceId: string | null
  createdAt: UnixSeconds
  expiresAt: UnixSeconds
  used: boolean
  usedAt: UnixSeconds | null
  sessionJWT: null
  /** S256 of the verifier that only the asking device has (RFC 7636 section 4.2). */
  codeChallenge: string
  /** The number of code tries for this link. A try is counted before its code is compared. */
  attempts: number
  lastAttemptId?: string
  /** The result of the sending, as a digit: see notSentOf. Rows from older versions do not have it. */
  delivery?: number
  metadata: { sourceFlow: string; dashboardId?: string | undefined } & Caller
}

/**
 * `send_failed`: the sending service did not accept the message. `mail_refused`: the mailbox refused an earlier email.
 */
export type NotSent =
  'not_approved' | 'no_number' | 'other_number' | 'over_budget' | 'send_failed' | 'mail_refused'

/** One digit each, and 0 for a message that was sent, so that the rows of all addresses have the same size. */
const DELIVERIES = [
  null,
  'not_approved',
  'no_number',
  'other_number',
  'over_budget',
  'send_failed',
  'mail_refused',
] as const satisfies (NotSent | null)[]

const deliveryOf = (notSent: NotSent | null): number => DELIVERIES.indexOf(notSent)

/** Why no message was sent; null if the email or SMS service accepted it, or is about to. */
export const notSentOf = ({ delivery = 0 }: LinkRow): NotSent | null => DELIVERIES[delivery] ?? null

/** A link whose address and owner are known: from an email link, from a handle, or from the row. */
export type Link = LinkContent & { email: string; userId: string }

export const linkKey = (config: Config, linkId: string): Key<LinkRow> => ({
  TableName: config.TOKENS_TABLE,
  Key: { tokenId: linkId },
})

export function putLink(
  config: Config,
  link: Link & { codeChallenge: string },
  asked: {
    phoneNumber?: string | undefined
    caller: Caller
    notSent?: NotSent | undefined
  },
): Put<LinkRow> {
  const createdAt = toSeconds(link.createdAtMs)
  return {
    Put: {
      TableName: config.TOKENS_TABLE,
      Item: {
        tokenId: link.linkId,
        tokenType: 'magic_link',
        email: link.email,
        phoneNumber: asked.phoneNumber,
        userId: link.userId,
        deviceId: null,
        createdAt,
        expiresAt: addSeconds(createdAt, config.LINK_TTL_SECONDS),
        used: false,
        usedAt: null,
        sessionJWT: null,
        codeChallenge: link.codeChallenge,
        attempts: 0,
        delivery: deliveryOf(asked.notSent ?? null),
        metadata: { sourceFlow: link.flow, dashboardId: link.dashboardId, ...asked.caller },
      },
      ConditionExpression: 'attribute_not_exists(tokenId)',
    },
  }
}

/**
 * Records why a link was not sent, or that it was sent later. It never creates a row: TTL may have deleted the
 * link's.
 */
export const noteSending = (
  config: Config,
  linkId: string,
  notSent: NotSent | null,
): Update<LinkRow> => ({
  Update: {
    ...linkKey(config, linkId),
    UpdateExpression: 'SET delivery = :delivery',
    ConditionExpression: 'tokenType = :type',
    ExpressionAttributeValues: { ':type': 'magic_link', ':delivery': deliveryOf(notSent) },
  },
})

/**
 * Claims the sending of a link that was not sent: of several requests, one sends it. Send it as a transaction with one
 * part, whose ClientRequestToken distinguishes Latchkey's own retry from another request.
 */
export const claimSending = (config: Config, linkId: string): Update<LinkRow> => ({
  Update: {
    ...linkKey(config, linkId),
    UpdateExpression: 'SET delivery = :sent',
    ConditionExpression:
      'tokenType = :type AND (attribute_not_exists(delivery) OR delivery <> :sent)',
    ExpressionAttributeValues: { ':type': 'magic_link', ':sent': deliveryOf(null) },
  },
})

/** At most this many codes are compared for one link, right or wrong. */
export const MAX_ATTEMPTS = 5

/** Counts one code try for the device that asked, before the code is compared. */
export const countAttempt = (
  config: Config,
  linkId: string,
  codeChallenge: string,
  attemptId: string,
): Update<LinkRow> => ({
  Update: {
    ...linkKey(config, linkId),
    UpdateExpression: 'SET attempts = attempts + :one, lastAttemptId = :attemptId',
    ConditionExpression:
      'codeChallenge = :challenge AND attempts < :max AND ' +
      '(attribute_not_exists(lastAttemptId) OR lastAttemptId <> :attemptId)',
    ExpressionAttributeValues: {
      ':one': 1,
      ':max': MAX_ATTEMPTS,
      ':challenge': codeChallenge,
      ':attemptId': attemptId,
    },
  },
})

/** Who redeems a link: the person for whom it was sealed, on the device that has the verifier. */
export type LinkClaim = { linkId: string; userId: string; codeChallenge: string; deviceId: string }

export type LinkRefusal = 'unknown' | 'used' | 'used_by_this_device' | 'expired'

/** Why the link's row does not allow this redemption; null if it does. The predicate of BURNABLE. */
export function whyNotBurnable(
  row: LinkRow | undefined,
  claim: LinkClaim,
  now: UnixSeconds,
): LinkRefusal | null {
  if (row?.tokenType !== 'magic_link' || row.codeChallenge !== claim.codeChallenge) return 'unknown'
  if (row.userId !== claim.userId) return 'unknown'
  if (row.used) return row.deviceId === claim.deviceId ? 'used_by_this_device' : 'used'
  return row.expiresAt <= now ? 'expired' : null
}

/** The condition that whyNotBurnable returns null. */
const BURNABLE =
  'tokenType = :type AND codeChallenge = :challenge AND userId = :userId AND ' +
  'used = :false AND expiresAt > :now'

/** Marks the link as used, once. */
export const burnLink = (config: Config, claim: LinkClaim, now: UnixSeconds): Update<LinkRow> => ({
  Update: {
    ...linkKey(config, claim.linkId),
    UpdateExpression: 'SET used = :true, usedAt = :now, deviceId = :deviceId',
    ConditionExpression: BURNABLE,
    ExpressionAttributeValues: {
      ':true': true,
      ':false': false,
      ':now': now,
      ':deviceId': claim.deviceId,
      ':challenge': claim.codeChallenge,
      ':userId': claim.userId,
      ':type': 'magic_link',
    },
  },
})
