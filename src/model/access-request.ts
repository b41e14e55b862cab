import type { Caller } from '../base/caller.ts'
import type { Config } from '../base/config.ts'
import { shortHash } from '../base/encoding.ts'
import { addSeconds, toSeconds, type UnixMs, type UnixSeconds } from '../base/time.ts'
import { USER_INDEX } from '../base/tables.ts'
import type { Delete, Key, Put, Query, Update } from '../dynamo/db.ts'
import type { LinkContent } from './sealed-link.ts'

/**
 * The access request of an address that asked for a link but may not sign in. One row per address: further asks are
 * counted, and the device that asked last is the one that waits.
 */
export type AccessRequestRow = {
  /** `req_` and a hash of the address. */
  tokenId: string
  tokenType: 'access_request'
  /**
   * The queue's partition in `userId-tokenType-index`. A decided request has no `userId`, so it is not in the queue.
   */
  userId?: typeof QUEUE
  email: string
  /** The time of the first ask. */
  createdAt: UnixSeconds
  /** The time of the last ask. */
  askedAt: UnixSeconds
  /** 14 days after the last ask. */
  expiresAt: UnixSeconds
  /** The number of asks of the address. */
  asks: number
  /** The link of the last ask, so that Latchkey's own retry is not counted twice. */
  lastLinkId: string
  /** The content of the waiting device's handle: its challenge, language and dashboard, sealed like the handle. */
  sealedLink: string
  deviceName?: string | undefined
  metadata: { sourceFlow: string } & Caller
  decided?: Decision
  decidedAt?: UnixSeconds
  /** A userId, or `client:` and the name of a machine's key. */
  decidedBy?: string
}

export type Decision = 'approved' | 'declined'

const QUEUE = 'access_requests'

/** How long a request waits for a decision, and the device that asked waits for its link. */
export const REQUEST_TTL_SECONDS = 14 * 86_400

/** @param email normalised. */
export const requestIdOf = async (email: string): Promise<string> =>
  `req_${await shortHash(`latchkey/access-request/v1\n${email}`, 22)}`

export const requestKey = (config: Config, requestId: string): Key<AccessRequestRow> => ({
  TableName: config.TOKENS_TABLE,
  Key: { tokenId: requestId },
})

/** The data of one ask that the row stores. */
export type AccessAsk = {
  email: string
  linkId: string
  sealedLink: string
  flow: string
  deviceName: string | undefined
  caller: Caller
}

/**
 * Whether a request waits for a decision. The predicate of WAITING. It checks the time, because TTL may delete rows
 * days late.
 */
export const isWaiting = (row: AccessRequestRow | undefined, now: UnixSeconds): boolean =>
  row?.tokenType === 'access_request' && row.decided === undefined && row.expiresAt > now

/** isWaiting as a condition. */
const WAITING = 'tokenType = :type AND attribute_not_exists(decided) AND expiresAt > :now'
const waitingValues = (now: UnixSeconds) => ({ ':type': 'access_request', ':now': now })

/**
 * Counts one more ask of an address whose request waits. From now on, the device of this ask is the one that waits.
 */
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

/** Whether a new request may replace the row: it no longer waits, and it was not declined recently. */
export const mayReplaceRequest = (row: AccessRequestRow | undefined, now: UnixSeconds): boolean =>
  row === undefined || row.decided === 'approved' || row.expiresAt <= now

/** The first ask. Its condition has the same rule as mayReplaceRequest. */
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
 * Decides a request once, as it was read. If another ask came in between, its device is different, so the condition
 * fails.
 * @param sent the link that is sent, sealed as a handle: the waiting device's handle leads to it.
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
 * The waiting requests, in no particular order, because all have the same sort key in the index. The index is
 * eventually consistent, so use it only for lists. Each new request or repeated ask writes to this partition once.
 * Budgets keep that far below the 1,000 writes a second that a DynamoDB partition can take.
 */
export const queryQueue = (config: Config): Query<AccessRequestRow> => ({
  TableName: config.TOKENS_TABLE,
  IndexName: USER_INDEX,
  KeyConditionExpression: 'userId = :queue AND tokenType = :type',
  ExpressionAttributeValues: { ':queue': QUEUE, ':type': 'access_request' },
})

/**
 * Whether an approval sends the same link that was requested. A link that is too old is replaced by a new one. So a
 * handle that is older than this may lead to another link: see followRequest.
 */
export const isYoung = (
  { LINK_TTL_SECONDS }: Config,
  { createdAtMs }: Pick<LinkContent, 'createdAtMs'>,
  nowMs: UnixMs,
): boolean => 3 * (nowMs - createdAtMs) < 2000 * LINK_TTL_SECONDS
