import type { Config } from '../base/config.ts'
import { encodeBase64url } from '../base/encoding.ts'
import { addSeconds, toSeconds, type UnixMs, type UnixSeconds } from '../base/time.ts'
import type { World } from '../base/world.ts'
import { EMAIL_INDEX } from '../base/tables.ts'
import type { Put, Query } from '../dynamo/db.ts'
import type { Item } from '../dynamo/items.ts'

/**
 * Who changed an approval, a session or a person, when and why. Written in the same transaction as the change, so
 * there is neither a change without its row nor a row without its change. `email-index` lists it with the
 * subject's links and sessions (access pattern 4).
 */
export type AuditRow = {
  tokenId: string
  tokenType: 'audit'
  /** Whom it is about. A person who was erased is not named. */
  email?: string | undefined
  createdAt: UnixSeconds
  /** The same moment in milliseconds: the index orders by seconds alone. */
  changedAtMs: UnixMs
  expiresAt: UnixSeconds
  action: string
  /** An address, or `client:` and the name of a machine's key. */
  by: string
  reason?: string | undefined
  /** What it was, and what it is since: null for nothing. */
  before?: Item | null
  after?: Item | null
}

/** Long enough that a yearly review still finds last year's changes. */
const TTL_SECONDS = 400 * 86_400

/** 128 random bits. */
export const newAuditId = (world: World): string => `aud_${encodeBase64url(world.randomBytes(16))}`

export const putAudit = (
  config: Config,
  auditId: string,
  said: Pick<AuditRow, 'email' | 'action' | 'by' | 'reason' | 'before' | 'after'>,
  nowMs: UnixMs,
): Put<AuditRow> => {
  const createdAt = toSeconds(nowMs)
  return {
    Put: {
      TableName: config.TOKENS_TABLE,
      Item: {
        tokenId: auditId,
        tokenType: 'audit',
        createdAt,
        changedAtMs: nowMs,
        expiresAt: addSeconds(createdAt, TTL_SECONDS),
        ...said,
      },
      ConditionExpression: 'attribute_not_exists(tokenId)',
    },
  }
}

/** The audit rows of an address, newest first. The index is eventually consistent: it lists, it never decides. */
export const auditOf = (config: Config, email: string): Query<AuditRow> => ({
  TableName: config.TOKENS_TABLE,
  IndexName: EMAIL_INDEX,
  KeyConditionExpression: 'email = :email',
  FilterExpression: 'tokenType = :type',
  ExpressionAttributeValues: { ':email': email, ':type': 'audit' },
  ScanIndexForward: false,
})
