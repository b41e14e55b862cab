import type { Caller } from '../base/caller.ts'
import type { Config } from '../base/config.ts'
import { shortHash } from '../base/encoding.ts'
import { addSeconds, toSeconds, type UnixMs, type UnixSeconds } from '../base/time.ts'
import { USER_INDEX } from '../base/tables.ts'
import type { Delete, Key, Put, Query, Update } from '../dynamo/db.ts'
import type { LinkContent } from './sealed-link.ts'

/**
 * An address that may not sign in has asked to. One row for each address: who asks again is counted, and the device
 * that asked last is the one that waits.
 */
export type AccessRequestRow = {
  /** `req_` and a hash of the address. */
  tokenId: string
  tokenType: 'access_request'
  /** The queue's partition of `userId-tokenType-index`. A decided request has none, so it has left the queue. */
  userId?: typeof QUEUE
  email: string
  /** The first ask. */
  createdAt: UnixSeconds
  /** The last ask. */
  askedAt: UnixSeconds
  /** 14 days after the last ask. */
  expiresAt: UnixSeconds
  /** How often the address has asked. */
  asks: number
  /** The link of the last ask, so that our own retry is not counted twice. */
  lastLinkId: string
  /** What the waiting device holds a handle of: its challenge, language and dashboard, sealed as the handle is. */
  sealedLink: string
  deviceName?: string | undefined
  metadata: { sourceFlow: string } & Caller
  decided?: Decision
  decidedAt?: UnixSeconds
  /** A userId, or `client:` and a machine's name. */
  decidedBy?: string
}

export type Decision = 'approved' | 'declined'

const QUEUE = 'access_requests'

/** How long a request waits for somebody to decide, and the asking device for its link. */
export const REQUEST_TTL_SECONDS = 14 * 86_400

/** @param email normalised. */
export const requestIdOf = async (email: string): Promise<string> =>
  `req_${await shortHash(`latchkey/access-request/v1\n${email}`, 22)}`

export const requestKey = (config: Config, requestId: string): Key<AccessRequestRow> => ({
  TableName: config.TOKENS_TABLE,
  Key: { tokenId: requestId },
})

/** One ask, as the row keeps it. */
export type AccessAsk = {
  email: string
  linkId: string
  sealedLink: string
  flow: string
  deviceName: string | undefined
  caller: Caller
}

/** Whether a row waits for a decision. TTL deletes rows up to days late. The rule of WAITING. */
export const isWaiting = (row: AccessRequestRow | undefined, now: UnixSeconds): boolean =>
  row?.tokenType === 'access_request' && row.decided === undefined && row.expiresAt > now

/** isWaiting, as a condition. */
const WAITING = 'tokenType = :type AND attribute_not_exists(decided) AND expiresAt > :now'
const waitingValues = (now: UnixSeconds) => ({ ':type': 'access_request', ':now': now })

/** Counts one more ask of an address whose request waits. Its device is the one that waits from now on. */
export const repeatRequest = (
  config: Config,
  requestId: string,
  ask: AccessAsk,
  nowMs: UnixMs,
): Update<AccessRequestRow> => {
  const now = toSeconds(nowMs)
  const named = ask.deviceName !== undefined
  return {
    Update: {
      ...requestKey(config, requestId),
      UpdateExpression:
        'SET askedAt = :now, expiresAt = :expiresAt, asks = asks + :one, lastLinkId = :linkId, ' +
        'sealedLink = :sealedLink, #metadata.sourceFlow = :flow, #metadata.ipAddress = :ip, ' +
        '#metadata.userAgent = :userAgent' +
        (named ? ', deviceName = :deviceName' : ' REMOVE deviceName'),
      ConditionExpression: `${WAITING} AND lastLinkId <> :linkId`,
      ExpressionAttributeNames: { '#metadata': 'metadata' },
      ExpressionAttributeValues: {
        ...waitingValues(now),
        ':one': 1,
        ':expiresAt': addSeconds(now, REQUEST_TTL_SECONDS),
        ':linkId': ask.linkId,
        ':sealedLink': ask.sealedLink,
        ':flow': ask.flow,
        ':ip': ask.caller.ipAddress,
        ':userAgent': ask.caller.userAgent,
        ...(named ? { ':deviceName': ask.deviceName } : {}),
      },
    },
  }
}

/** Whether a new request may take a row's place: none waits there, and nobody has declined one lately. */
export const mayRequestAnew = (row: AccessRequestRow | undefined, now: UnixSeconds): boolean =>
  row === undefined || row.decided === 'approved' || row.expiresAt <= now

/** A first ask. Its condition is the rule of mayRequestAnew. */
export const putRequest = (
  config: Config,
  requestId: string,
  ask: AccessAsk,
  nowMs: UnixMs,
): Put<AccessRequestRow> => {
  const now = toSeconds(nowMs)
  return {
    Put: {
      TableName: config.TOKENS_TABLE,
      Item: {
        tokenId: requestId,
        tokenType: 'access_request',
        userId: QUEUE,
        email: ask.email,
        createdAt: now,
        askedAt: now,
        expiresAt: addSeconds(now, REQUEST_TTL_SECONDS),
        asks: 1,
        lastLinkId: ask.linkId,
        sealedLink: ask.sealedLink,
        deviceName: ask.deviceName,
        metadata: { sourceFlow: ask.flow, ...ask.caller },
      },
      ConditionExpression:
        'attribute_not_exists(tokenId) OR decided = :approved OR expiresAt <= :now',
      ExpressionAttributeValues: { ':approved': 'approved', ':now': now },
    },
  }
}

/**
 * Decides a request, once, as it was read: an ask in between has another device, and is not decided unseen.
 * @param sent the link that goes out, sealed as its handle: the waiting device's handle leads to it.
 */
export const decideRequest = (
  config: Config,
  row: AccessRequestRow,
  decision: {
    decided: Decision
    by: string
    sent?: { sealedLink: string; expiresAt: UnixSeconds }
  },
  now: UnixSeconds,
): Update<AccessRequestRow> => {
  const { decided, by, sent } = decision
  return {
    Update: {
      ...requestKey(config, row.tokenId),
      UpdateExpression:
        'SET decided = :decided, decidedAt = :now, decidedBy = :by' +
        (sent ? ', sealedLink = :sealedLink, expiresAt = :expiresAt' : '') +
        ' REMOVE userId',
      ConditionExpression: `${WAITING} AND lastLinkId = :seen`,
      ExpressionAttributeValues: {
        ...waitingValues(now),
        ':decided': decided,
        ':by': by,
        ':seen': row.lastLinkId,
        ...(sent ? { ':sealedLink': sent.sealedLink, ':expiresAt': sent.expiresAt } : {}),
      },
    },
  }
}

export const deleteRequest = (config: Config, requestId: string): Delete<AccessRequestRow> => ({
  Delete: requestKey(config, requestId),
})

/**
 * The requests that wait, in no order: the index has one sort key for all of them. It is eventually consistent, so
 * we only list from it. The partition takes a write for each new request or repeated ask, far below the 1,000 a second that
 * a partition of DynamoDB takes, since budgets limit both.
 */
export const queryQueue = (config: Config): Query<AccessRequestRow> => ({
  TableName: config.TOKENS_TABLE,
  IndexName: USER_INDEX,
  KeyConditionExpression: 'userId = :queue AND tokenType = :type',
  ExpressionAttributeValues: { ':queue': QUEUE, ':type': 'access_request' },
})

/**
 * Whether an approval sends the very link that was asked for, because it is young; else it sends a fresh one. A handle
 * that is older than this may therefore lead to another link: see followRequest.
 */
export const isYoung = (
  { LINK_TTL_SECONDS }: Config,
  { createdAtMs }: Pick<LinkContent, 'createdAtMs'>,
  nowMs: UnixMs,
): boolean => 3 * (nowMs - createdAtMs) < 2000 * LINK_TTL_SECONDS
