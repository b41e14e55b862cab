import type { Client } from '../http/deps.ts'
import type { Config } from '../base/config.ts'
import type { Get, Put, Update } from '../dynamo/db.ts'
import { toSeconds } from '../base/world.ts'
import type { LinkContent } from './sealed-link.ts'

/** A link's row. Times in Unix seconds. */
export type LinkRow = {
  tokenId: string
  tokenType: 'magic_link'
  email: string
  phoneNumber?: string
  userId: string
  deviceId: string | null
  createdAt: number
  expiresAt: number
  used: boolean
  usedAt: number | null
  /** S256 of the verifier that only the asking device has (RFC 7636 section 4.2). */
  codeChallenge: string
  /** Codes tried against this link, counted before each is judged. */
  attempts: number
  lastAttemptId?: string
  metadata: { sourceFlow: string; dashboardId?: string; ipAddress: string; userAgent: string }
}

export const linkKey = (config: Config, linkId: string): Get => ({
  TableName: config.TOKENS_TABLE,
  Key: { tokenId: linkId },
})

export function putLink(
  config: Config,
  link: LinkContent & { email: string },
  asked: {
    userId: string
    codeChallenge: string
    phoneNumber?: string | undefined
    client: Client
  },
): Put {
  const createdAt = toSeconds(link.createdAtMs)
  return {
    TableName: config.TOKENS_TABLE,
    Item: {
      tokenId: link.linkId,
      tokenType: 'magic_link',
      email: link.email,
      phoneNumber: asked.phoneNumber,
      userId: asked.userId,
      deviceId: null,
      createdAt,
      expiresAt: createdAt + config.LINK_TTL_SECONDS,
      used: false,
      usedAt: null,
      sessionJWT: null,
      codeChallenge: asked.codeChallenge,
      attempts: 0,
      metadata: { sourceFlow: link.flow, dashboardId: link.dashboardId, ...asked.client },
    },
    ConditionExpression: 'attribute_not_exists(tokenId)',
  }
}

/** At most this many codes are judged for one link, right or wrong. */
const MAX_ATTEMPTS = 5

/** Counts one try of a code, before it is judged, for the device that asked. */
export function countAttempt(
  config: Config,
  linkId: string,
  codeChallenge: string,
  attemptId: string,
): Update {
  return {
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
  }
}

/** Spends the link: once, in its time, by whoever has the verifier, for the person it was made for. */
export function burnLink(
  config: Config,
  link: { linkId: string; userId: string; codeChallenge: string },
  deviceId: string,
  nowSeconds: number,
): Update {
  return {
    ...linkKey(config, link.linkId),
    UpdateExpression: 'SET used = :true, usedAt = :now, deviceId = :deviceId',
    ConditionExpression:
      'used = :false AND expiresAt > :now AND codeChallenge = :challenge AND userId = :userId AND tokenType = :type',
    ExpressionAttributeValues: {
      ':true': true,
      ':false': false,
      ':now': nowSeconds,
      ':deviceId': deviceId,
      ':challenge': link.codeChallenge,
      ':userId': link.userId,
      ':type': 'magic_link',
    },
  }
}
