import type { Config } from '../base/config.ts'
import { encodeBase64url } from '../base/encoding.ts'
import type { Event } from '../base/log.ts'
import { addSeconds, toSeconds, type UnixMs, type UnixSeconds } from '../base/time.ts'
import type { World } from '../base/world.ts'
import { EMAIL_INDEX } from '../base/tables.ts'
import type { Put, Query } from '../dynamo/db.ts'
import type { Item } from '../dynamo/items.ts'

/**
 * Records who changed an approval, a session or a person, when and why. It is written in the same transaction as the
 * change, so either both are written or neither is. `email-index` lists it together with the links and sessions of
 * the address (access pattern 4).
 */
export type AuditRow = {
  tokenId: string
  tokenType: 'audit'
  /** The person that it is about. Absent after that person was erased. */
  email?: string | undefined
  createdAt: UnixSeconds
  /** The same time in milliseconds, to order changes within one second: the index only has seconds. */
  changedAtMs: UnixMs
  expiresAt: UnixSeconds
  action: string
  /** An address, `client:` and the name of a machine's key, or `self` for a person who is gone. */
  by: string
  reason?: string | undefined
  /** The changed approval before and after the change. Null if it did not exist. */
  before?: Item | null
  after?: Item | null
}

/** What an audit row can say: the name of the log's event. A row that was read may be of another version. */
export type AuditAction = Extract<
  Event,
  | 'approval_created'
  | 'approval_changed'
  | 'approval_extended'
  | 'approval_withdrawn'
  | 'approval_restored'
  | 'request_approved'
  | 'request_declined'
  | 'person_session_ended'
  | 'person_sessions_ended'
  | 'person_erased'
  | 'mail_refused'
  | 'mail_allowed'
>

/** Long enough that a yearly review still finds the changes of the past year. */
const TTL_SECONDS = 400 * 86_400

/** 128 random bits. */
export const newAuditId = (world: World): string => `aud_${encodeBase64url(world.randomBytes(16))}`

export const putAudit = (
  config: Config,
  auditId: string,
  said: Pick<AuditRow, 'email' | 'by' | 'reason' | 'before' | 'after'> & { action: AuditAction },
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

/** Whether a change is one of the approval, or of the request for one: approvers see these, and nothing of sessions. */
export const isOfApproval = ({ action }: AuditRow): boolean =>
  action.startsWith('approval_') || action.startsWith('request_')

/** Lists the audit rows of an address, newest first. The index is eventually consistent, so use it only for lists. */
export const auditOf = (config: Config, email: string): Query<AuditRow> => ({
  TableName: config.TOKENS_TABLE,
  IndexName: EMAIL_INDEX,
  KeyConditionExpression: 'email = :email',
  FilterExpression: 'tokenType = :type',
  ExpressionAttributeValues: { ':email': email, ':type': 'audit' },
  ScanIndexForward: false,
})
