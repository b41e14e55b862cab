/**
 * What development and tests say to their local AWS stand-ins. Fixed on purpose, and never read from
 * the shell: a developer's own AWS keys must not reach a Worker under test. DynamoDB Local takes only
 * alphanumeric access key ids.
 */
export type Aws = {
  /** Origin and optional path of DynamoDB, with no trailing slash. */
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}

export const LOCAL_AWS = {
  region: 'us-east-1',
  accessKeyId: 'latchkeylocal',
  secretAccessKey: 'latchkeylocalsecret',
} as const

export function localAws(endpoint: string): Aws {
  return { ...LOCAL_AWS, endpoint }
}
