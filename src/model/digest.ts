import type { Config } from '../base/config.ts'
import { addSeconds, toSeconds, type UnixMs, type UnixSeconds } from '../base/time.ts'
import type { Put } from '../dynamo/db.ts'

/** The digest of one day was sent, or is being sent. */
export type DigestRow = {
  /** `dig_` and the day in UTC. */
  tokenId: string
  tokenType: 'digest'
  createdAt: UnixSeconds
  expiresAt: UnixSeconds
}

/** Longer than the clocks of two runs can differ. */
const TTL_SECONDS = 3 * 86_400

/** Claims the day. A cron trigger may run twice, and only one run can claim a day. */
export const claimDigest = (config: Config, nowMs: UnixMs): Put<DigestRow> => {
  const createdAt = toSeconds(nowMs)
  return {
    Put: {
      TableName: config.TOKENS_TABLE,
      Item: {
        tokenId: `dig_${new Date(nowMs).toISOString().slice(0, 10)}`,
        tokenType: 'digest',
        createdAt,
        expiresAt: addSeconds(createdAt, TTL_SECONDS),
      },
      ConditionExpression: 'attribute_not_exists(tokenId)',
    },
  }
}
