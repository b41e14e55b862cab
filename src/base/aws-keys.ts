import type { Config } from './config.ts'

/** What signs a request to AWS. Temporary keys have a session token. */
export type AwsKeys = {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string | undefined
}

export type AwsKeySource = {
  /** @throws AwsKeysUnavailable. */
  current: () => Promise<AwsKeys>
  /** For keys that AWS refused as expired. @returns other keys, or null if there are none. */
  replace: (expired: AwsKeys) => Promise<AwsKeys | null>
  /**
   * Renews keys that a request used shortly before their end. Never rejects. Run it after the response, so that
   * no request waits for it.
   * @returns undefined if there is nothing to do.
   */
  renewEarly: () => Promise<void> | undefined
}

/** AWS STS gives no keys, and none are held that are still valid. Answer 503 with Retry-After. */
export class AwsKeysUnavailable extends Error {
  constructor() {
    super('AWS STS gave no keys')
    this.name = 'AwsKeysUnavailable'
  }
}

/** The access key of an IAM user. It does not expire. */
export function fixedKeys(config: Config): AwsKeySource {
  const keys = {
    accessKeyId: config.AWS_ACCESS_KEY_ID!,
    secretAccessKey: config.AWS_SECRET_ACCESS_KEY!,
    sessionToken: config.AWS_SESSION_TOKEN,
  }
  return {
    current: () => Promise.resolve(keys),
    replace: () => Promise.resolve(null),
    renewEarly: () => undefined,
  }
}
