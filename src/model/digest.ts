import type { Config } from '../base/config.ts'
import { addSeconds, toSeconds, type UnixMs, type UnixSeconds } from '../base/time.ts'
import type { Put } from '../dynamo/db.ts'

/** The digest of one day has been mailed, or is about to be. */
export type DigestRow = {
  /** `dig_` and the day in UTC. */
  tokenId: string
  tokenType: 'digest'
  createdAt: UnixSeconds
  expiresAt: UnixSeconds
}

/** A day that is over does not come back, on any clock. */
const TTL_SECONDS = 3 * 86_400

/** Takes the day. Only one run can: a cron trigger may fire twice. */
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
