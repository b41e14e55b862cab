/** Where a DynamoDB is, and the credentials for it. */
export type Aws = {
  /** Origin and optional path of DynamoDB, with no trailing slash. */
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}

/**
 * The credentials for the local stand-ins of AWS, in development and tests. They are fixed and never read
 * from the shell, so that a developer's own AWS keys cannot reach a Worker under test. DynamoDB Local
 * requires an access key id of letters and digits.
 */
export const LOCAL_AWS = {
  region: 'us-east-1',
  accessKeyId: 'latchkeylocal',
  secretAccessKey: 'latchkeylocalsecret',
} as const

export function localAws(endpoint: string): Aws {
  return { ...LOCAL_AWS, endpoint }
}

/**
 * Each Worker has its own keys, so that the fault proxy can refuse what the Worker's IAM policy does not allow.
 * LOCAL_AWS is the developer, who may do everything.
 */
export const WORKER_AWS = {
  public: { ...LOCAL_AWS, accessKeyId: 'latchkeypublic', secretAccessKey: 'latchkeypublicsecret' },
  console: {
    ...LOCAL_AWS,
    accessKeyId: 'latchkeyconsole',
    secretAccessKey: 'latchkeyconsolesecret',
  },
} as const
